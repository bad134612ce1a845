/**
 * What the bytes of a line hold if a term is in its text. May pass lines without the term, but never fails one that has
 * it, however JSON has escaped the text and however often: see the decision record 0040.
 */
import type { Term } from "../query/query.js";
import { escaped } from "../query/regex.js";
import { requiredTexts } from "../query/required-text.js";
import { rawText } from "./raw-text.js";

export interface RawFilter {
  /** Searches text from `rawText`, from its `lastIndex` on. No match holds a line end. */
  readonly regex: RegExp;
  /** The more, the fewer lines pass. */
  readonly strength: number;
}

/** Runs without what JSON always or often escapes in a short way: quotes, backslashes, slashes, control characters. */
const RUNS = /[^"\\/\p{Cc}]+/gu;
const ASCII_RUNS = /[ !#-.0-[\]-~]+/g;

/** An escape of a character beyond ASCII; and such a character. */
const WIDE_ESCAPE = "\\\\u(?!00[0-7])";
const WIDE = "[^\\x00-\\x7f]";
/** An escape that stands in JSON within JSON may itself be written with escapes of the characters that it consists of. */
const OF_ESCAPES = "\\u0123456789abcdefABCDEF";

export function rawFilterFor(term: Term, ignoreCase: boolean): RawFilter | undefined {
  const texts = term.kind === "literal" ? [term.text] : requiredTexts(term.source);
  const run = longest(texts.flatMap((text) => text.match(ASCII_RUNS) ?? []));
  // The fewest lines pass if bytes beyond ASCII are looked for too, but their case can't be ignored.
  const wide = ignoreCase ? "" : longest(texts.flatMap((text) => text.match(RUNS) ?? []).filter(isWellKept));
  if (wide.length > run.length) return filter(wide, hidersOf(wide), false, wide.length);
  if (run !== "") {
    const folds = ignoreCase && term.kind === "regex" ? oddFoldings(run) : [];
    return filter(run, [...hidersOf(run), ...folds], ignoreCase, run.length);
  }
  // Two letters beyond ASCII may stand for one within.
  const hasWide = texts.some((text) => /[^\0-\x7f\u017f\u212a]/.test(text));
  const hidden = [WIDE, WIDE_ESCAPE, ...hidersOf("")].join("|");
  return hasWide ? { regex: new RegExp(hidden, "g"), strength: 0.5 } : undefined;
}

function filter(run: string, hiders: readonly string[], ignoreCase: boolean, strength: number): RawFilter {
  const bytes = rawText(new TextEncoder().encode(run));
  return { regex: new RegExp([escaped(bytes), ...hiders].join("|"), ignoreCase ? "gi" : "g"), strength };
}

function longest(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length > best.length ? text : best), "");
}

/** Half a character has no bytes of its own; U+FFFD may stand for any bytes that are not UTF-8. */
function isWellKept(text: string): boolean {
  return text.isWellFormed() && !text.includes("\ufffd");
}

/** Escapes behind which a character of the run may be hidden. */
function hidersOf(run: string): readonly string[] {
  const codes = new Set<string>();
  for (const char of `${run.toLowerCase()}${run.toUpperCase()}${OF_ESCAPES}`) {
    const code = char.charCodeAt(0);
    if (code < 0x80) codes.add(code.toString(16).padStart(2, "0"));
  }
  const narrow = `\\\\u00(?:${byFirstDigit([...codes])})`;
  return /[^\0-\x7f]/.test(run) ? [narrow, WIDE_ESCAPE] : [narrow];
}

/** `61`, `62`, `6a` as `6[12aA]`. */
function byFirstDigit(codes: readonly string[]): string {
  const groups = Map.groupBy(codes, (code) => code.charAt(0));
  return [...groups]
    .map(([first, all]) => `${first}[${all.map((code) => bothCases(code.charAt(1))).join("")}]`)
    .join("|");
}

function bothCases(digit: string): string {
  return /\d/.test(digit) ? digit : digit + digit.toUpperCase();
}

/** With the flag `u`, two letters beyond ASCII equal one within when case is ignored: U+017F is `s`, U+212A is `k`. */
function oddFoldings(run: string): readonly string[] {
  return /[sk]/i.test(run)
    ? [WIDE_ESCAPE, ...["\u017f", "\u212a"].map((odd) => rawText(new TextEncoder().encode(odd)))]
    : [];
}

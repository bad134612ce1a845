/** Draws queries from texts, most of which are somewhere in them. */
import { below, type Random } from "@session-archiver/test-kit/random";
import type { SearchOptions, SearchQuery, Term } from "../../src/index.js";
import type { PlainQuery } from "./plain-lines.js";

export interface DrawnQuery {
  readonly query: SearchQuery;
  readonly options: Pick<SearchOptions, "matchCase" | "wholeWords">;
  readonly plain: PlainQuery;
}

type PlainTerm = PlainQuery["terms"][number];

/** `texts`: the texts of lines, of which none is empty. */
export function drawQuery(texts: readonly string[], random: Random): DrawnQuery {
  const text = pick(texts, random);
  const kind = below(random, 10);
  const terms: readonly PlainTerm[] =
    kind < 4
      ? Array.from({ length: 1 + below(random, 3) }, () => ({ literal: cased(wordIn(text, random), random) }))
      : kind < 7
        ? [{ literal: cased(partOf(text, 2 + below(random, 30), random), random) }]
        : [{ regex: pattern(text, random) }];
  const matchCase = pick(["smart", "ignore", "exact"] as const, random);
  const wholeWords = random() < 0.3;
  const hasUpper = terms.some((term) =>
    /\p{Lu}/u.test("literal" in term ? term.literal : term.regex.replace(/\\./g, "")),
  );
  const ignoreCase = matchCase === "ignore" || (matchCase === "smart" && !hasUpper);
  return {
    query: { terms: terms.map(termOf) },
    options: { matchCase, wholeWords },
    plain: { terms, ignoreCase, wholeWords },
  };
}

function termOf(term: PlainTerm): Term {
  return "literal" in term ? { kind: "literal", text: term.literal } : { kind: "regex", source: term.regex };
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[below(random, items.length)] as T;
}

function wordIn(text: string, random: Random): string {
  const words = text.slice(0, 20_000).match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}]+/gu);
  return words ? pick(words, random).slice(0, 40) : text.slice(0, 1);
}

/** Without half characters at its ends. */
function partOf(text: string, length: number, random: Random): string {
  const start = below(random, Math.max(1, text.length - length));
  return (
    text
      .slice(start, start + length)
      .toWellFormed()
      .replace(/^\ufffd|\ufffd$/g, "") || text.slice(0, 1)
  );
}

function cased(text: string, random: Random): string {
  const how = below(random, 4);
  return how === 0 ? text.toUpperCase() : how === 1 ? text.toLowerCase() : text;
}

/** A pattern that fits a part of the text. */
function pattern(text: string, random: Random): string {
  const part = [...(random() < 0.5 ? wordIn(text, random) : partOf(text, 2 + below(random, 12), random))];
  const source = part.map((char) => atomFor(char, random)).join("");
  const more = [
    (it: string) => it,
    (it: string) => `(?:${it}|\\bnever\\b)`,
    (it: string) => `\\b${it}`,
    (it: string) => `${it}.?`,
  ];
  return pick(more, random)(source);
}

function atomFor(char: string, random: Random): string {
  const plain = /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
  switch (below(random, 14)) {
    case 0:
      return char === "\n" ? "\\s" : ".";
    case 1:
      return `${plain}+`;
    case 2:
      return `${plain}?`;
    case 3:
      return `(?:${plain})`;
    case 4:
      return `${plain}{1,3}?`;
    case 5:
      return /[a-z]/i.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : plain;
    default:
      return plain;
  }
}

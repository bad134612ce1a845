/**
 * Splits a line that isn't one record into whole records and remains of others. A writer that is stopped leaves the
 * beginning of a record; the next writer continues after it, on the same line. Only the text shows where the cut is.
 */
import { asObject, asText, type JsonObject, parseJson } from "../json.js";
import { guessOf } from "../kind.js";
import { completeJson } from "./complete-json.js";
import { type JsonScan, scanJson } from "./scan-json.js";

/** A whole record has a value; anything else has only its text. */
export interface Piece {
  readonly text: string;
  readonly value?: JsonObject;
}

const MOST_PIECES = 64;
/** Limits the search for whole records: characters to look at, per character of the line. */
const EFFORT = 40;
/** Blocks that a crash left unwritten, marks, white space, and what lists put between records. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL, and the record separator of JSON text sequences.
const BETWEEN = /[\s\0\x1e,]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const BLANK = /[\s\0\x1e]/y;
/** What follows an object that is part of another one. */
const GOES_ON = /\s*[,}\]:"]/y;

const passes = (pattern: RegExp, text: string, at: number): boolean => {
  pattern.lastIndex = at;
  return pattern.test(text);
};

const TIMES = ["timestamp", "time", "created_at"];

const isKnown = (line: JsonObject): boolean => guessOf(line)?.isSure === true;

const hasAll = (record: JsonObject, keys: readonly string[]): boolean =>
  keys.length > 0 && keys.every((key) => Object.hasOwn(record, key));

/** Keys whose values are text or numbers for all known agents: an object there is another record. */
const NO_OBJECT = /(?:id|type|name|title|role|time|timestamp|version|level|status|text|effort|mode|cwd|branch|model)$/i;

/**
 * A record that breaks off where a value may stand may end in an object of its own. That object is another record only
 * if it looks like one.
 */
function isAnother(found: JsonObject, torn: JsonScan, at: number): boolean {
  if (guessOf(found) !== undefined || NO_OBJECT.test(torn.opens.get(at) ?? "")) return true;
  // Records of one writer begin alike, and have the time of writing.
  const hasTime = TIMES.some((key) => torn.keys.includes(key) && Object.hasOwn(found, key));
  if (hasTime && Object.keys(found)[0] === torn.keys[0]) return true;
  return hasAll(found, torn.keys);
}

/** Whether an object after other text is a record. */
const isRecord = (found: JsonObject): boolean =>
  isKnown(found) ||
  (Object.keys(found).length > 1 && ["type", "role", "timestamp"].some((key) => asText(found[key]) !== null));

/** Of two records that break off, the second may lack what the first has. */
const isLike = (keys: readonly string[], those: readonly string[]): boolean =>
  keys.length > 1 && keys.length >= those.length - 1 && keys.every((key, i) => those[i] === key);

/** Whether another record that breaks off begins at `at`. */
function isTornRecord(line: string, at: number, torn: JsonScan | null, next: JsonScan): boolean {
  if (next.stop < line.length) return false;
  const head = asObject(completeJson(line.slice(at)));
  if (head === null) return false;
  if (torn?.opens.has(at))
    return guessOf(head) !== undefined || hasAll(head, torn.keys) || isLike(next.keys, torn.keys);
  return isKnown(head) || (torn !== null && next.keys[0] !== undefined && next.keys[0] === torn.keys[0]);
}

/** Where the next record begins after `from`, at which there is no whole one; the end of the line if there is none. */
function nextRecord(line: string, from: number, torn: JsonScan | null): number {
  let effort = line.length * EFFORT;
  for (let at = line.indexOf("{", from + 1); at >= 0 && effort > 0; at = line.indexOf("{", at + 1)) {
    if (!/^\{\s{0,8}"/.test(line.slice(at, at + 10))) continue;
    const next = scanJson(line, at);
    effort -= (next.end < 0 ? next.stop : next.end) - at;
    if (next.end < 0) {
      if (isTornRecord(line, at, torn, next)) return at;
      continue;
    }
    if (passes(GOES_ON, line, next.end)) continue;
    const found = asObject(parseJson(line.slice(at, next.end)));
    if (found === null) continue;
    if (torn === null ? isRecord(found) : !torn.opens.has(at) || isAnother(found, torn, at)) return at;
  }
  return line.length;
}

/** The pieces in order. Leaves out only what separates them. */
export function pieces(line: string): readonly Piece[] {
  const found: Piece[] = [];
  const add = (text: string): void => {
    let end = text.length;
    while (end > 0 && passes(BLANK, text, end - 1)) end--;
    if (end > 0) found.push({ text: text.slice(0, end) });
  };
  let at = 0;
  while (at < line.length) {
    BETWEEN.lastIndex = at;
    if (BETWEEN.test(line)) at = BETWEEN.lastIndex;
    if (found.length === MOST_PIECES) {
      add(line.slice(at));
      break;
    }
    const scan = line[at] === "{" ? scanJson(line, at) : null;
    const text = scan && scan.end >= 0 ? line.slice(at, scan.end) : "";
    const value = text === "" ? null : asObject(parseJson(text));
    const end = value ? at + text.length : nextRecord(line, at, scan);
    if (value) found.push({ text, value });
    else add(line.slice(at, end));
    at = end;
  }
  return found;
}

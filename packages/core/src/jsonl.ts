/** Counts lines of JSONL as the original system does, and reads the timestamps in them. */
import { latin1Of, searchable } from "./node-buffer.js";
import { timeOf } from "./time.js";

const NEWLINE = 10;

/** The state of a counter, from which a new one can continue. */
export interface LineCount {
  /** Lines that hold a non-whitespace character, including an unfinished last line. */
  readonly lines: number;
  /** Line ends (`\n`) seen; so the number, from 0, of the line that the next byte belongs to. */
  readonly newlines: number;
  /** Whether the unfinished last line is counted in `lines`. */
  readonly openLine: boolean;
}

/** Counts lines over chunks that may be cut anywhere. */
export interface LineCounter extends LineCount {
  add(chunk: Uint8Array): void;
}

export function lineCounter(from: LineCount = { lines: 0, newlines: 0, openLine: false }): LineCounter {
  let { lines, newlines, openLine: counted } = from;
  /** The first bytes of a character that may turn out to be whitespace. */
  let pending: number[] = [];
  return {
    get lines() {
      return lines + (pending.length > 0 ? 1 : 0);
    },
    get newlines() {
      return newlines;
    },
    get openLine() {
      return counted || pending.length > 0;
    },
    add(chunk) {
      const searched = searchable(chunk);
      for (let at = 0; at < chunk.length; ) {
        if (counted) {
          const end = searched.indexOf(NEWLINE, at);
          if (end === -1) return;
          newlines++;
          counted = false;
          at = end + 1;
          continue;
        }
        const byte = chunk[at] as number;
        if (byte > 32 && byte < 0x80 && pending.length === 0) {
          lines++;
          counted = true;
          continue;
        }
        const kind = kindOf([...pending, byte]);
        if (kind === "unfinished") {
          pending.push(byte);
          at++;
        } else if (kind === "space") {
          if (byte === NEWLINE) newlines++;
          pending = [];
          at++;
        } else {
          lines++;
          counted = true;
          pending = [];
        }
      }
    },
  };
}

/** Unicode whitespace of more than one byte, as UTF-8 bytes joined by commas. */
const WIDE_SPACES: ReadonlySet<string> = new Set(
  [
    ..."\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
  ].map((space) => new TextEncoder().encode(space).join()),
);
const UNFINISHED: ReadonlySet<string> = new Set(
  [...WIDE_SPACES].flatMap((space) => {
    const bytes = space.split(",");
    return bytes.slice(1).map((_, i) => bytes.slice(0, i + 1).join());
  }),
);

function kindOf(bytes: readonly number[]): "space" | "unfinished" | "other" {
  const [only] = bytes;
  if (bytes.length === 1 && only !== undefined && only < 0x80) {
    return only === 32 || (only >= 9 && only <= 13) ? "space" : "other";
  }
  const joined = bytes.join();
  return WIDE_SPACES.has(joined) ? "space" : UNFINISHED.has(joined) ? "unfinished" : "other";
}

export function newlinesIn(bytes: Uint8Array): number {
  const searched = searchable(bytes);
  let count = 0;
  for (let at = searched.indexOf(NEWLINE); at !== -1; at = searched.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** The number of lines that hold a non-whitespace character. Invalid UTF-8 counts as characters. */
export function countLines(text: string | Uint8Array): number {
  const counter = lineCounter();
  counter.add(typeof text === "string" ? new TextEncoder().encode(text) : text);
  return counter.lines;
}

/**
 * The time in the top-level `timestamp` of one line, as whole unix ms. `timeOf` describes which values count as times,
 * and what `now` does. A byte order mark before the line is skipped.
 */
export function timestampOf(line: string, now?: number): number | undefined {
  if (!line.includes('"timestamp"')) return undefined;
  try {
    return timeOf(JSON.parse(line.startsWith("\ufeff") ? line.slice(1) : line)?.timestamp, now);
  } catch {
    return undefined;
  }
}

const SEARCHED_LINES = 32;
const SEARCHED_BYTES = 256 * 1024;

/** One is skipped by a decoder, and one by `timestampOf`. */
const BYTE_ORDER_MARKS = /^(?:\u00ef\u00bb\u00bf){1,2}/;

/**
 * A line in which a time can be looked for. Decoding it is not needed: JSON is ASCII outside of its strings, as are the name and the
 * value of a time, and within other strings it makes no difference.
 */
function textFor(line: Uint8Array): string {
  return latin1Of(line)?.replace(BYTE_ORDER_MARKS, "") ?? new TextDecoder().decode(line);
}

/** The first timestamp in a segment; only its first lines are searched. */
export function firstTimestamp(segment: Uint8Array): number | undefined {
  const searched = searchable(segment);
  let at = 0;
  for (let line = 0; line < SEARCHED_LINES && at < Math.min(segment.length, SEARCHED_BYTES); line++) {
    const newline = searched.indexOf(NEWLINE, at);
    const end = newline === -1 ? segment.length : newline;
    const time = timestampOf(textFor(segment.subarray(at, end)));
    if (time !== undefined) return time;
    at = end + 1;
  }
  return undefined;
}

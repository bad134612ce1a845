/** Finds the lines that may hold what is looked for, in bytes that come in blocks cut anywhere. */
import type { CompiledQuery } from "../query/compile.js";
import type { Snippet } from "../search/hit.js";
import { LONGEST_HELD, type LongLine, longLine } from "./long-line.js";
import { newlinesIn, rawText } from "./raw-text.js";

/** A line that the raw filters let pass, or one that was searched in windows. */
export type Candidate =
  | { readonly kind: "line"; readonly line: number; readonly bytes: Uint8Array }
  | { readonly kind: "long"; readonly line: number; readonly snippet: Snippet; readonly head: string };

const NEWLINE = 10;

/** Bytes that become one string: so few that they are in the processor's cache, and soon forgotten. */
const PIECE = 64 * 1024;

export interface LineScanner {
  /** The candidates that end in this block, in order. Must be run to its end; its bytes are the block's own. */
  add(block: Uint8Array): Generator<Candidate>;
  /** The last line, if no line end came after it. */
  end(): Generator<Candidate>;
  /** Lines that were too long to be held. */
  readonly longLines: number;
}

export function lineScanner(query: CompiledQuery, snippetLength: number): LineScanner {
  const [first, ...others] = query.map(({ raw }) => raw?.regex);
  /** Number of the next line to be ended, from 1. */
  let line = 1;
  let longLines = 0;
  /** The beginning of the line that the last block broke off. */
  let parts: Uint8Array[] = [];
  let held = 0;
  let long: LongLine | undefined;

  const mayHold = (text: string): boolean =>
    others.every((regex) => {
      if (regex === undefined) return true;
      regex.lastIndex = 0;
      return regex.test(text);
    });

  /** Whole lines; the last one may lack its end. */
  function* within(bytes: Uint8Array): Generator<Candidate> {
    const text = rawText(bytes);
    let at = 0;
    while (at < text.length) {
      const found = first ? next(first, text, at) : at;
      if (found === -1) break;
      const start = first ? text.lastIndexOf("\n", found) + 1 : at;
      const newline = text.indexOf("\n", found);
      const end = newline === -1 ? text.length : newline;
      line += newlinesIn(text, at, start);
      if (end - start > LONGEST_HELD) yield* longWhole(bytes.subarray(start, end));
      else if (others.length === 0 || mayHold(text.slice(start, end))) {
        yield { kind: "line", line, bytes: bytes.subarray(start, end) };
      }
      if (end < text.length) line++;
      at = end + 1;
    }
    line += newlinesIn(text, at);
  }
  function* longWhole(bytes: Uint8Array): Generator<Candidate> {
    const whole = longLine(query, snippetLength);
    whole.add(bytes);
    yield* ended(whole);
  }
  function* ended(whole: LongLine): Generator<Candidate> {
    longLines++;
    const found = whole.end();
    if (found) yield { kind: "long", line, ...found };
  }
  const hold = (part: Uint8Array): void => {
    if (part.length === 0) return;
    if (long) {
      long.add(part);
      return;
    }
    held += part.length;
    parts.push(new Uint8Array(part)); // a copy: the block belongs to its producer
    if (held <= LONGEST_HELD) return;
    long = longLine(query, snippetLength);
    for (const one of parts) long.add(one);
    parts = [];
  };
  function* endHeld(last: Uint8Array): Generator<Candidate> {
    hold(last);
    if (long) yield* ended(long);
    else {
      yield* within(joined(parts, held));
    }
    parts = [];
    held = 0;
    long = undefined;
  }
  return {
    get longLines() {
      return longLines;
    },
    *add(block) {
      let from = 0;
      if (held > 0 || long) {
        from = block.indexOf(NEWLINE) + 1;
        if (from === 0) return hold(block);
        yield* endHeld(block.subarray(0, from - 1));
        line++;
      }
      const to = block.lastIndexOf(NEWLINE) + 1;
      for (let end = from; from < to; from = end) {
        end = pieceEnd(block, from, to);
        yield* within(block.subarray(from, end));
      }
      hold(block.subarray(from));
    },
    *end() {
      if (held > 0 || long) yield* endHeld(new Uint8Array());
    },
  };
}

function next(regex: RegExp, text: string, from: number): number {
  regex.lastIndex = from;
  return regex.exec(text)?.index ?? -1;
}

/** The end of the last line that fits into a piece, or of the first one. */
function pieceEnd(block: Uint8Array, from: number, to: number): number {
  if (to - from <= PIECE) return to;
  const last = block.lastIndexOf(NEWLINE, from + PIECE - 1) + 1;
  return last > from ? last : block.indexOf(NEWLINE, from + PIECE) + 1;
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Counts lines and finds the oldest and newest timestamp, over chunks that may be cut anywhere. */
import { concat } from "../../bytes.js";
import { timestampOf } from "../../jsonl.js";
import type { OutputCount } from "../../session/line-count.js";
import { outputCounter } from "../../session/output-counter.js";

const NEWLINE = 10;
/** A longer line is skipped: it is hardly a line, and would be held in memory. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

export interface Scan extends OutputCount {
  /** Unix ms. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  add(chunk: Uint8Array): void;
  /** Ends the last line, which need not have a line end. */
  end(): void;
}

/**
 * Ignores timestamps more than a day after `now`. `from`: a count to continue from, with the beginning of the line that
 * continues there.
 */
export function scanOutput(now: number, from?: OutputCount & { readonly line: Uint8Array }): Scan {
  const counter = outputCounter(from);
  const decoder = new TextDecoder();
  let oldest: number | undefined;
  let newest: number | undefined;
  /** The unfinished line; empty if it is too long. */
  let parts: Uint8Array[] = from ? [from.line] : [];
  let size = from?.line.length ?? 0;

  const hold = (part: Uint8Array): void => {
    size += part.length;
    if (size > LONGEST_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  const look = (): void => {
    const time = size > LONGEST_LINE_BYTES ? undefined : timestampOf(decoder.decode(concat(parts)), now);
    parts = [];
    size = 0;
    if (time === undefined) return;
    oldest = Math.min(oldest ?? time, time);
    newest = Math.max(newest ?? time, time);
  };
  return {
    get bytes() {
      return counter.bytes;
    },
    get lines() {
      return counter.lines;
    },
    get newlines() {
      return counter.newlines;
    },
    get openLine() {
      return counter.openLine;
    },
    get marks() {
      return counter.marks;
    },
    get oldest() {
      return oldest;
    },
    get newest() {
      return newest;
    },
    add(chunk) {
      counter.add(chunk);
      let at = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
        hold(chunk.subarray(at, end));
        look();
        at = end + 1;
      }
      if (at < chunk.length) hold(chunk.slice(at)); // a copy, as the producer may reuse its array
    },
    end: look,
  };
}

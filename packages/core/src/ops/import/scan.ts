/** Counts lines and finds the oldest and newest timestamp, over chunks cut anywhere. */
import { concat } from "../../bytes.js";
import { lineCounter, timestampOf } from "../../jsonl.js";
import type { OutputCount } from "../../session/line-count.js";

const NEWLINE = 10;
/** A longer line is passed over: it is hardly one, and would be held in memory. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

export interface Scan extends OutputCount {
  /** Unix ms. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  add(chunk: Uint8Array): void;
  /** There is no more: the last line needs no line end. */
  end(): void;
}

/**
 * Timestamps more than a day after `now` are taken for mistakes. `from`: where the output has been counted to, and the
 * beginning of the line that goes on there.
 */
export function scanOutput(now: number, from?: OutputCount & { readonly line: Uint8Array }): Scan {
  const counter = lineCounter(from);
  const decoder = new TextDecoder();
  let bytes = from?.bytes ?? 0;
  let oldest: number | undefined;
  let newest: number | undefined;
  /** The unfinished line; none if it is too long. */
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
      return bytes;
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
    get oldest() {
      return oldest;
    },
    get newest() {
      return newest;
    },
    add(chunk) {
      counter.add(chunk);
      bytes += chunk.length;
      let at = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
        hold(chunk.subarray(at, end));
        look();
        at = end + 1;
      }
      if (at < chunk.length) hold(chunk.slice(at)); // whoever made the chunk may use its array again
    },
    end: look,
  };
}

/** Counts lines and finds the oldest and newest timestamp, over chunks cut anywhere. */
import { type LineCount, lineCounter, timestampOf } from "@session-archiver/core";

const NEWLINE = 10;
const TIMESTAMP = Buffer.from('"timestamp"');
/** Longer lines are counted, but not looked into: what is kept of a line stays small. */
const LONGEST_LINE = 4 * 1024 * 1024;

export interface LineScan extends LineCount {
  /** Bytes seen. */
  readonly bytes: number;
  /** Unix ms. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  add(chunk: Uint8Array): void;
  /** There is no more: the last line needs no line end. */
  end(): void;
}

/** Timestamps more than a day after `now` are taken for mistakes. */
export function scanLines(now: number): LineScan {
  const counter = lineCounter();
  let bytes = 0;
  let oldest: number | undefined;
  let newest: number | undefined;
  /** The unfinished line, unless it is too long already. */
  let parts: Buffer[] = [];
  let length = 0;

  const look = (line: Buffer): void => {
    if (!line.includes(TIMESTAMP)) return;
    const time = timestampOf(line.toString(), now);
    if (time === undefined) return;
    oldest = Math.min(oldest ?? time, time);
    newest = Math.max(newest ?? time, time);
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= LONGEST_LINE) parts.push(part);
    else parts = [];
  };
  const endLine = (): void => {
    const [only] = parts;
    if (only && length <= LONGEST_LINE) look(parts.length === 1 ? only : Buffer.concat(parts));
    parts = [];
    length = 0;
  };
  return {
    get lines() {
      return counter.lines;
    },
    get newlines() {
      return counter.newlines;
    },
    get openLine() {
      return counter.openLine;
    },
    get bytes() {
      return bytes;
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
      const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      let at = 0;
      for (let newline = view.indexOf(NEWLINE); newline !== -1; newline = view.indexOf(NEWLINE, at)) {
        keep(view.subarray(at, newline));
        endLine();
        at = newline + 1;
      }
      // A copy: the chunk may be the consumer's, to change.
      if (at < view.length) keep(Buffer.from(view.subarray(at)));
    },
    end: endLine,
  };
}

/** Counts lines and finds the oldest and newest timestamp, over chunks cut anywhere. */
import { type LineCount, lineCounter, timestampOf } from "@session-archiver/core";
import { lineReader } from "@session-archiver/transcripts";

const TIMESTAMP = Buffer.from('"timestamp"');

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

  const look = (line: Buffer): void => {
    if (!line.includes(TIMESTAMP)) return;
    const time = timestampOf(line.toString(), now);
    if (time === undefined) return;
    oldest = Math.min(oldest ?? time, time);
    newest = Math.max(newest ?? time, time);
  };
  const reader = lineReader((line) => look(Buffer.from(line.buffer, line.byteOffset, line.length)));
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
      // As a Buffer, whose search for a byte is the platform's.
      reader.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    },
    end: reader.end,
  };
}

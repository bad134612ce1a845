/** All that an import needs to know of a transcript, in one pass over chunks cut anywhere. */
import { type LineCount, lineCounter, timestampOf } from "@session-archiver/core";
import { type Description, describer, lineReader } from "@session-archiver/transcripts";

export interface TranscriptScan extends LineCount, Description {
  /** Bytes seen. */
  readonly bytes: number;
  /** Oldest and newest timestamp, unix ms. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void;
  /** There is no more: the last line needs no line end. */
  end(): void;
}

/** Timestamps more than a day after `now` (unix ms) are taken for mistakes. */
export function scanTranscript(now: number): TranscriptScan {
  const counter = lineCounter();
  const description = describer();
  const decoder = new TextDecoder();
  let bytes = 0;
  let oldest: number | undefined;
  let newest: number | undefined;

  const look = (line: Uint8Array): void => {
    const text = decoder.decode(line);
    description.add(text);
    const time = timestampOf(text, now);
    if (time === undefined) return;
    oldest = Math.min(oldest ?? time, time);
    newest = Math.max(newest ?? time, time);
  };
  const reader = lineReader(look);
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
    get kind() {
      return description.kind;
    },
    get title() {
      return description.title;
    },
    add(chunk) {
      counter.add(chunk);
      bytes += chunk.length;
      reader.add(chunk);
    },
    end: reader.end,
  };
}

/** All that an import needs to know of a transcript, in one pass over chunks cut anywhere. */
import { type LineCount, lineCounter, timestampOf } from "@session-archiver/core";
import type { TranscriptKind } from "../api.ts";
import { kindOfLine, parseLine } from "./kind.ts";
import { userWords } from "./title.ts";

const NEWLINE = 10;
/** Longer lines are counted, but not looked into: what is kept of a line stays small. */
const LONGEST_LINE = 4 * 1024 * 1024;
/** Lines in which kind and title are looked for. */
const DESCRIBED_LINES = 400;

export interface TranscriptScan extends LineCount {
  /** Bytes seen. */
  readonly bytes: number;
  /** Oldest and newest timestamp, unix ms. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  readonly kind: TranscriptKind;
  /** The user's first words. */
  readonly title: string | undefined;
  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void;
  /** There is no more: the last line needs no line end. */
  end(): void;
}

/** Timestamps more than a day after `now` (unix ms) are taken for mistakes. */
export function scanTranscript(now: number): TranscriptScan {
  const counter = lineCounter();
  const decoder = new TextDecoder();
  const found = { bytes: 0, lines: 0, oldest: undefined, newest: undefined, kind: undefined } as {
    bytes: number;
    lines: number;
    oldest: number | undefined;
    newest: number | undefined;
    kind: TranscriptKind | undefined;
    title?: string;
    command?: string;
  };
  /** The unfinished line, unless it is too long already. */
  let parts: Uint8Array[] = [];
  let length = 0;

  const describe = (text: string): void => {
    if (++found.lines > DESCRIBED_LINES || (found.kind && found.title !== undefined)) return;
    const line = parseLine(text);
    if (!line) return;
    found.kind ??= kindOfLine(line);
    const words = found.title === undefined ? userWords(line) : undefined;
    if (words?.isCommand) found.command ??= words.title;
    else if (words) found.title = words.title;
  };
  const look = (line: Uint8Array): void => {
    const text = decoder.decode(line);
    describe(text);
    const time = timestampOf(text, now);
    if (time === undefined) return;
    found.oldest = Math.min(found.oldest ?? time, time);
    found.newest = Math.max(found.newest ?? time, time);
  };
  const endLine = (last: Uint8Array): void => {
    const whole = length + last.length;
    if (whole > 0 && whole <= LONGEST_LINE) look(parts.length === 0 ? last : joined([...parts, last], whole));
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
      return found.bytes;
    },
    get oldest() {
      return found.oldest;
    },
    get newest() {
      return found.newest;
    },
    get kind() {
      return found.kind ?? "other";
    },
    get title() {
      return found.title ?? found.command;
    },
    add(chunk) {
      counter.add(chunk);
      found.bytes += chunk.length;
      let at = 0;
      for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, at)) {
        endLine(chunk.subarray(at, newline));
        at = newline + 1;
      }
      if (at === chunk.length) return;
      length += chunk.length - at;
      // A copy: the chunk is the producer's.
      if (length <= LONGEST_LINE) parts.push(chunk.slice(at));
      else parts = [];
    },
    end: () => endLine(new Uint8Array()),
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

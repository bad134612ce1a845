/** Counts an output from its start, or from an earlier count on. */
import { lineCounter } from "../jsonl.js";
import type { OutputCount } from "./line-count.js";
import { NO_MARKS, withMark } from "./line-marks.js";

export interface OutputCounter extends OutputCount {
  add(chunk: Uint8Array): void;
}

export function outputCounter(from?: OutputCount): OutputCounter {
  const counter = lineCounter(from);
  let bytes = from?.bytes ?? 0;
  let marks = from?.marks ?? NO_MARKS;
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
    get marks() {
      return marks;
    },
    add(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + marks.every - (bytes % marks.every));
        counter.add(part);
        at += part.length;
        bytes += part.length;
        if (bytes % marks.every === 0) marks = withMark(marks, bytes, counter.newlines);
      }
    },
  };
}

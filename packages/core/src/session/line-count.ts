/** How much of a session's output has been counted, as its metadata notes it. */
import type { LineCount } from "../jsonl.js";
import type { Meta } from "../ports.js";
import { type LineMarks, marksIn, NO_MARKS, storedMarks } from "./line-marks.js";
import { countAt, KEY, recordIn, withKeys } from "./metadata.js";

export interface OutputCount extends LineCount {
  /** Bytes of output that were counted. */
  readonly bytes: number;
  /** Line ends before places in these bytes, as far as they were noted. */
  readonly marks?: LineMarks | undefined;
}

/** The metadata with this count. */
export function withCount(meta: Meta, { bytes, lines, newlines, openLine, marks = NO_MARKS }: OutputCount): Meta {
  return withKeys(meta, {
    [KEY.lineCount]: lines,
    [KEY.countedTo]: { bytes, newlines, openLine, ...storedMarks(marks, bytes) },
  });
}

export function countIn(meta: Meta): OutputCount | undefined {
  const counted = recordIn(meta[KEY.countedTo]) ?? {};
  const bytes = countAt(counted, "bytes");
  const newlines = countAt(counted, "newlines");
  const lines = countAt(meta, KEY.lineCount);
  if (bytes === undefined || newlines === undefined || lines === undefined) return undefined;
  const marks = marksIn(counted, bytes, newlines);
  return { bytes, lines, newlines, openLine: counted["openLine"] === true, ...(marks && { marks }) };
}

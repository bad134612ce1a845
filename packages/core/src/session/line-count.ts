/** How far a session's output has been counted, as its metadata keeps it. */
import type { LineCount } from "../jsonl.js";
import type { Meta } from "../ports.js";
import { countAt, KEY, recordIn, withKeys } from "./metadata.js";

export interface OutputCount extends LineCount {
  /** Bytes of output counted. */
  readonly bytes: number;
}

/** The metadata with this count in it. */
export function withCount(meta: Meta, { bytes, lines, newlines, openLine }: OutputCount): Meta {
  return withKeys(meta, { [KEY.lineCount]: lines, [KEY.countedTo]: { bytes, newlines, openLine } });
}

export function countIn(meta: Meta): OutputCount | undefined {
  const counted = recordIn(meta[KEY.countedTo]) ?? {};
  const bytes = countAt(counted, "bytes");
  const newlines = countAt(counted, "newlines");
  const lines = countAt(meta, KEY.lineCount);
  if (bytes === undefined || newlines === undefined || lines === undefined) return undefined;
  return { bytes, lines, newlines, openLine: counted["openLine"] === true };
}

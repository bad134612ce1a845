/** Reads lines by their numbers: `\n` ends a line, blank lines count, and so does an unfinished last line. */

import { checkCount } from "../adapter/validate.js";
import type { Context } from "../context.js";
import type { Bytes } from "../ports.js";
import { openFile, type ReadOptions } from "./read.js";

const NEWLINE = 10;

/** Lines `[from, to)`, counted from 0, with their line ends, byte for byte. */
export interface LineRange {
  readonly from: number;
  readonly to?: number | undefined;
}

export async function* readLines(ctx: Context, id: string, range: LineRange, options?: ReadOptions): Bytes {
  checkCount(range.from, "first line");
  const to = range.to ?? Number.MAX_SAFE_INTEGER;
  checkCount(to, "last line");
  const file = await openFile(ctx, id, options);
  if (to <= range.from) return;
  const place = await file.seekLines(range.from, to);
  let { line } = place;
  for await (const chunk of file.read(place)) {
    let from = line >= range.from ? 0 : -1;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, end + 1)) {
      line++;
      if (line === range.from) from = end + 1;
      if (line < to) continue;
      yield chunk.subarray(from, end + 1);
      return;
    }
    if (from !== -1 && from < chunk.length) yield chunk.subarray(from);
  }
}

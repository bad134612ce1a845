/** Reads by lines: `\n` ends a line, blank lines count, an unfinished last line is one. */

import { checkCount } from "../adapter/validate.js";
import type { Context } from "../context.js";
import type { Bytes } from "../ports.js";
import { lineStartBefore, type Pages, pagesOf } from "./pages.js";
import { openFile, type ReadOptions, type SessionReader } from "./read.js";

const NEWLINE = 10;
/** Bytes of an end that are given out of the blocks that were read to find it. */
const SHORT_END_BYTES = 1024 * 1024;

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

/** The last `count` lines. Reads back from the end: costs what it gives, not what the session holds. */
export async function* readTail(ctx: Context, id: string, count: number, options?: ReadOptions): Bytes {
  checkCount(count, "number of lines");
  const file = await openFile(ctx, id, options);
  const pages = pagesOf(file);
  yield* readEnd(file, pages, await lineStartBefore(pages, file.size, count));
}

/** The file from `start` on. */
export async function* readEnd(file: SessionReader, pages: Pages, start: number): Bytes {
  if (file.size - start > SHORT_END_BYTES) yield* file.read({ start });
  else if (start < file.size) yield (await pages(start, file.size)).slice();
}

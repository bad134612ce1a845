/** Reads by lines: `\n` ends a line, blank lines count, an unfinished last line is one. */
import type { Context } from "../context.js";
import type { Bytes } from "../ports.js";
import { checkCount } from "../validate.js";
import { openFile, type ReadOptions, type SessionFile } from "./read.js";

const NEWLINE = 10;
/** A first look back that usually suffices; doubled until it does, up to one segment. */
const FIRST_LOOK_BACK = 64 * 1024;
const LONGEST_LOOK_BACK = 1024 * 1024;

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
  const start = await file.seekLine(range.from);
  let line = start.line;
  for await (const chunk of file.read({ start: start.offset })) {
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
  if (count > 0) yield* file.read({ start: await tailStart(file, count) });
}

async function tailStart(file: SessionFile, count: number): Promise<number> {
  let wanted = count;
  let end = file.size;
  for (let look = FIRST_LOOK_BACK; end > 0; look = Math.min(look * 2, LONGEST_LOOK_BACK)) {
    const start = Math.max(0, end - look);
    const newlines: number[] = [];
    let at = start;
    for await (const chunk of file.read({ start, end })) {
      for (let i = chunk.indexOf(NEWLINE); i !== -1; i = chunk.indexOf(NEWLINE, i + 1)) newlines.push(at + i);
      at += chunk.length;
    }
    if (newlines.at(-1) === file.size - 1) newlines.pop(); // ends the last line, starts none
    const before = newlines.at(-wanted);
    if (before !== undefined) return before + 1;
    wanted -= newlines.length;
    end = start;
  }
  return 0;
}

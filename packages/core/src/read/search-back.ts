/**
 * Finds the first line at or after a time, from the end. Where it is clear that the search goes on, it does so without
 * reading: at segments whose first time is new enough, and over most live bytes; lines that can't have a time are never
 * read whole.
 *
 * Only a look shows whether a segment begins within a line, which an append continued. If one that is passed by does, the
 * line's end in it is not counted, or taken for a line with a time: then the search goes on farther back.
 */
import { release } from "../bytes.js";
import { timestampOf } from "../jsonl.js";
import type { Block } from "./blocks.js";
import type { FileLayout } from "./file-layout.js";
import type { Pages } from "./pages.js";

const NEWLINE = 10;
/** More bytes of lines with older times than this end the search. */
const MOST_OLDER_BYTES = 1024 * 1024;
/** A line that is longer than this many times as much counts as a line without a time. */
const LONGEST_LINE = 4;
/** How much is looked at to see whether the search goes on: a block of live bytes. */
const LOOK_BYTES = 64 * 1024;
/** Pages hold more. */
const HELD_BYTES = 4 * 1024 * 1024;

type SearchedFile = Pick<FileLayout, "blocksBefore"> & { readonly size: number };

/** Offset of the first line at or after the time; `size` if there is none. `most` and `look` are smaller only in tests. */
export async function startOf(
  { size, blocksBefore }: SearchedFile,
  pages: Pages,
  unixMs: number,
  most: number = MOST_OLDER_BYTES,
  look: number = LOOK_BYTES,
): Promise<number> {
  const longest = LONGEST_LINE * most;
  const decoder = new TextDecoder();
  let found = size;
  /** Whether the line that was found begins at `found`, or is the first one after it that has a time. */
  let isExact = true;
  /** Bytes of older lines before `found`. */
  let older = 0;
  /** Where the line in which `to` lies ends; `undefined` if what follows `to` was not read. */
  let lineEnd: number | undefined = size;
  /** What was read ends here: all from here on was passed by. */
  let unread = size;

  /** The time of the line at `[start, end)`; `page` has the bytes from `from` on. */
  const timeIn = async (start: number, end: number, page: Uint8Array, from: number): Promise<number | undefined> => {
    if (end - start > longest) return undefined;
    const isInPage = end - from <= page.length;
    return timestampOf(decoder.decode(isInPage ? page.subarray(start - from, end - from) : await pages(start, end)));
  };
  /** The end of the line that goes on at `at`, or a place far enough to show that it is too long. */
  const endOfLine = async (at: number, limit: number = at + longest + 1): Promise<number> => {
    for (let from = at; from < Math.min(limit, size); from += look) {
      const end = (await pages(from, Math.min(size, from + look))).indexOf(NEWLINE);
      if (end !== -1) return from + end + 1;
    }
    return Math.min(limit, size);
  };
  /** The first line in `[from, to)` that is new enough, if a short look finds one. */
  const probe = async (from: number, to: number): Promise<number | undefined> => {
    const end = Math.min(to, from + look);
    const page = await pages(from, end);
    let start = from === 0 ? 0 : page.indexOf(NEWLINE) + 1 || page.length;
    for (let next = page.indexOf(NEWLINE, start); next !== -1; next = page.indexOf(NEWLINE, start)) {
      if (isAtOrAfter(await timeIn(from + start, from + next + 1, page, from), unixMs)) return from + start;
      start = next + 1;
    }
    return undefined;
  };

  /** Looks at the lines that begin in `[from, to)`, the last one first. */
  const search = async (from: number, to: number): Promise<void> => {
    // If little was passed by, it is read with this: it will be given.
    const all = await pages(from, unread - from <= HELD_BYTES ? unread : to);
    const page = all.subarray(0, to - from);
    unread = from;
    lineEnd ??= page.at(-1) === NEWLINE ? to : await endOfLine(to);
    for (let at = page.length; at >= 0 && older <= most; ) {
      const newline = at === 0 ? -1 : page.lastIndexOf(NEWLINE, at - 1);
      if (newline === -1 && from > 0) break;
      const start = from + newline + 1;
      const time = start < lineEnd ? await timeIn(start, lineEnd, page, from) : undefined;
      const isNew = isAtOrAfter(time, unixMs);
      if (isNew) [found, isExact, older] = [start, true, 0];
      else if (time !== undefined) older += lineEnd - start;
      lineEnd = start;
      at = newline;
      if (isNew && start - from <= most) {
        await searchFront(from, page);
        break;
      }
    }
    release(all);
  };
  /** From the front up to the line that was found: between them, older lines are too few to end the search. */
  const searchFront = async (from: number, page: Uint8Array): Promise<void> => {
    const last = found;
    lineEnd = from === 0 ? 0 : from + page.indexOf(NEWLINE) + 1;
    for (let start = lineEnd; start < last; ) {
      const end = from + page.indexOf(NEWLINE, start - from) + 1;
      const time = await timeIn(start, end, page, from);
      if (isAtOrAfter(time, unixMs)) {
        found = start;
        return;
      }
      older += time === undefined ? 0 : end - start;
      start = end;
    }
  };

  for (let to = size; to > 0 && older <= most; ) {
    /** If all before is older, one byte more ends the search. */
    const room = most - older;
    const blocks = await blocksBefore(to, room + 1);
    const [nearest] = blocks;
    if (!nearest) break;
    // Its line may go on behind `to`, and is counted once its beginning is found.
    if (nearest.isWithinLine) lineEnd ??= await endOfLine(to);
    const lineTo: number = lineEnd ?? to;
    const known = blocks.findLast((block) => isAtOrAfter(block.time, unixMs) && lineTo - block.start <= room);
    if (known) {
      [found, isExact, older, lineEnd, to] = [known.start, false, 0, undefined, known.start];
      continue;
    }
    if (nearest.isWithinLine && nearest.start > 0) {
      to = nearest.start;
      continue;
    }
    // A multiple of the size of live blocks.
    const start = Math.max(nearest.start, Math.ceil((lineTo - room) / look) * look);
    const newer = found < size && start < to - 2 * look ? await probe(start, to) : undefined;
    if (newer !== undefined) {
      [found, isExact, older, lineEnd, to] = [newer, true, 0, newer, newer];
      continue;
    }
    const from = stretchFrom(blocks, unixMs);
    await search(from, to);
    to = from;
  }
  if (isExact) return found;
  const page = await pages(found, Math.min(size, found + HELD_BYTES));
  const isLineStart = found === 0 || (await pages(found - 1, found))[0] === NEWLINE;
  for (let start = isLineStart ? found : await endOfLine(found, size); start < size; ) {
    const end = await endOfLine(start, size);
    if (isAtOrAfter(await timeIn(start, end, page, found), unixMs)) return start;
    start = end;
  }
  return size;
}

/** The start of blocks that are read at once: up to one of which enough is known without reading it. */
function stretchFrom(blocks: readonly Block[], unixMs: number): number {
  const i = blocks.findIndex((block, i) => i > 0 && (block.isWithinLine || isAtOrAfter(block.time, unixMs)));
  return (i === -1 ? blocks.at(-1) : blocks[i - 1])?.start ?? 0;
}

function isAtOrAfter(time: number | undefined, unixMs: number): boolean {
  return time !== undefined && time >= unixMs;
}

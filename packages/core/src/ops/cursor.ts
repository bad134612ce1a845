/** Pages through a session by lines, forwards and backwards. */
import { checkCount } from "../validate.js";
import { lineEndAfter, lineStartBefore, type Pages, pagesOf } from "./pages.js";
import type { SessionFile } from "./read.js";

const NEWLINE = 10;
/** Lines of a live session that its metadata has yet to count are counted if they are no more bytes than this. */
const MOST_UNCOUNTED_BYTES = 1024 * 1024;

/** An end, a line by its number from 0, or the line that holds a byte. Beyond the end is the end. */
export type CursorStart = "start" | "end" | { readonly line: number } | { readonly offset: number };

export interface CursorLine {
  /** Where its first byte lies in the file. */
  readonly offset: number;
  /** Its number from 0, blank lines counted; `undefined` where that would take reading the whole session. */
  readonly line: number | undefined;
  /** The line as it is, with its line end. */
  readonly bytes: Uint8Array;
}

/** A place between two lines of a file. Holds a few MB of the file, and the page while it is made. */
export interface Cursor {
  /** Where the line starts that `next` gives first. */
  readonly offset: number;
  /** The next lines, up to `count`, fewer only at the end; the cursor is then behind them. */
  next(count: number): Promise<readonly CursorLine[]>;
  /** The lines before, up to `count`, fewer only at the start, in the session's order; the cursor is then before them. */
  previous(count: number): Promise<readonly CursorLine[]>;
}

interface Place {
  readonly offset: number;
  /** NaN if it is not known: so are then the numbers of all lines counted from there. */
  readonly line: number;
}

/**
 * A cursor on a file of `archiver.open(id)`: on the session as it was then, whatever happens to it since; it may be archived,
 * restored, written to. For what came later, open it again, at this cursor's `offset`. A call that fails leaves the cursor
 * where it was, and rejects as a read of the session would.
 */
export async function openCursor(file: SessionFile, at: CursorStart = "start"): Promise<Cursor> {
  if (typeof at === "object") checkCount("line" in at ? at.line : at.offset, "place of the cursor");
  const { size } = file;
  const pages = pagesOf(file);
  let place = await placeOf(file, pages, at);
  /** One call after the other: each starts where the one before left the cursor. */
  let last: Promise<unknown> = Promise.resolve();

  const page = (count: number, isBack: boolean): Promise<readonly CursorLine[]> => {
    const done = last.then(async () => {
      checkCount(count, "number of lines");
      const { offset, line } = place;
      const start = isBack ? await lineStartBefore(pages, offset, count) : offset;
      const end = isBack ? offset : (await lineEndAfter(pages, offset, size, count)).offset;
      const lines = linesOf((await pages(start, end)).slice());
      const first = isBack ? line - lines.length : line;
      place = isBack ? { offset: start, line: first } : { offset: end, line: line + lines.length };
      let next = start;
      return lines.map((bytes, i) => {
        next += bytes.length;
        return { offset: next - bytes.length, line: Number.isNaN(first) ? undefined : first + i, bytes };
      });
    });
    last = done.catch(() => {});
    return done;
  };
  return {
    get offset() {
      return place.offset;
    },
    next: (count) => page(count, false),
    previous: (count) => page(count, true),
  };
}

async function placeOf(file: SessionFile, pages: Pages, at: CursorStart): Promise<Place> {
  const { size } = file;
  if (at === "start") return { offset: 0, line: 0 };
  if (at === "end" || ("offset" in at && at.offset >= size))
    return { offset: size, line: await lineCount(file, pages) };
  if ("offset" in at) {
    const offset = await lineStartBefore(pages, at.offset + 1, 1);
    return { offset, line: offset === 0 ? 0 : Number.NaN };
  }
  const { start, line } = await file.seekLines(at.line, at.line);
  const { offset, lines } = await lineEndAfter(pages, start, size, at.line - line);
  return { offset, line: line + lines };
}

/** All lines, an unfinished last one included; NaN if too much of the session has yet to be counted. */
async function lineCount({ size, counted }: SessionFile, pages: Pages): Promise<number> {
  const { bytes, newlines } = counted ?? { bytes: 0, newlines: 0 };
  if (size - bytes > MOST_UNCOUNTED_BYTES) return Number.NaN;
  if (bytes < size) return newlines + (await lineEndAfter(pages, bytes, size, size)).lines;
  return newlines + (size > 0 && (await pages(size - 1, size))[0] !== NEWLINE ? 1 : 0);
}

/** Whole lines; the last one may have no end. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(NEWLINE, at) + 1 || bytes.length;
    lines.push(bytes.subarray(at, next));
    at = next;
  }
  return lines;
}

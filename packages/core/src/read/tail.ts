/** Reads the last lines. */
import { checkCount } from "../adapter/validate.js";
import { release } from "../bytes.js";
import type { Context } from "../context.js";
import { findSegment as findLast } from "../format/reader.js";
import type { Bytes } from "../ports.js";
import type { Checkpoint } from "./line-index/checkpoints.js";
import { type Pages, pagesOf } from "./pages.js";
import { openFile, type ReadOptions, type SessionReader } from "./read.js";

const NEWLINE = 10;
/** Most lines are no longer. */
const LINE_BYTES = 4 * 1024;
/** After the first look, which is as large as the lines are expected to be; doubled up to about a segment. */
const SECOND_LOOK_BYTES = 64 * 1024;
const LONGEST_LOOK_BYTES = 1024 * 1024;
/** What is looked through without asking where lines are: it is held, and given without another read. */
const NEAR_BYTES = 4 * 1024 * 1024;

/**
 * The last `count` lines. Reads back from the end, at first as much as `count` lines usually have: costs what it yields, not
 * what the session holds. If they begin farther away, and it is known where lines begin there, it goes on from there.
 */
export async function* readTail(ctx: Context, id: string, count: number, options?: ReadOptions): Bytes {
  checkCount(count, "number of lines");
  const file = await openFile(ctx, id, options);
  const { pages, endFrom } = pagesOf(file);
  yield* endFrom(await startOfLast(file, pages, count), file.size);
}

type TailFile = Pick<SessionReader, "size" | "counted" | "blockAt" | "places">;

/** Where the last `count` lines begin. `near` is smaller only in tests. */
export async function startOfLast(
  file: TailFile,
  pages: Pages,
  count: number,
  near: number = NEAR_BYTES,
): Promise<number> {
  if (count === 0) return file.size;
  let wanted = count;
  let places: readonly Checkpoint[] | undefined;
  // The last byte may end the last line, but starts no line.
  for (let to = file.size - 1, look = expected(file, count); to > 0; look = longer(look)) {
    if (file.size - to > near) places ??= await file.places();
    const known = places?.[findLast(places, ({ offset }) => offset < to + 1)];
    if (places && known?.offset === to) {
      const start = await lineAfter(places, pages, known.line - wanted + 1);
      if (start !== undefined) return start;
      places = [];
    }
    const block = await file.blockAt(Math.max(0, to - look));
    const from = Math.max(block.start, places?.[findLast(places, ({ offset }) => offset < to)]?.offset ?? 0);
    const bytes = await pages(from, to);
    for (let at = bytes.length; at > 0; ) {
      at = bytes.lastIndexOf(NEWLINE, at - 1);
      if (at !== -1 && --wanted === 0) return from + at + 1;
    }
    release(bytes);
    to = from;
  }
  return 0;
}

/** Bytes of `count` lines of the average length. */
function expected({ counted }: TailFile, count: number): number {
  const { bytes = 0, newlines = 0 } = counted ?? {};
  const line = newlines > 0 ? Math.min(LINE_BYTES, Math.ceil(bytes / newlines)) : 1;
  return Math.min(LONGEST_LOOK_BYTES, count * line);
}

function longer(look: number): number {
  return look < SECOND_LOOK_BYTES ? SECOND_LOOK_BYTES : Math.min(look * 2, LONGEST_LOOK_BYTES);
}

/** Where line `line` begins, searched from the last place before it; `undefined` if it does not begin there. */
async function lineAfter(places: readonly Checkpoint[], pages: Pages, line: number): Promise<number | undefined> {
  if (line <= 0) return 0;
  const i = findLast(places, (place) => place.line < line);
  const [before, behind] = [places[i], places[i + 1]];
  if (!before || !behind) return undefined;
  let at = before.line;
  for (let from = before.offset; from < behind.offset; from += LONGEST_LOOK_BYTES) {
    const bytes = await pages(from, Math.min(behind.offset, from + LONGEST_LOOK_BYTES));
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, end + 1)) {
      if (++at === line) return from + end + 1;
    }
  }
  return undefined;
}

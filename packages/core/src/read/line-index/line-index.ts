/**
 * Finds the lines of a file: checkpoints say how many line ends come before them. A session's bytes only grow, so
 * checkpoints stay right.
 *
 * Some are known from the start: the manifest of an archived session has one for each segment, and the recorder notes
 * some in the metadata. Between those that were only noted, more are looked for where lines are asked for, from the
 * nearer side, so that a long session opens at once in any place.
 */
import { release } from "../../bytes.js";
import { findSegment as findLast } from "../../format/reader.js";
import type { Pages } from "../pages.js";
import { type Checkpoint, type Scanned, START, scan } from "./checkpoints.js";

export interface LineIndex {
  /** Bytes and line ends up to the known end. */
  readonly end: Checkpoint;
  /** Counts up to this size. */
  extendTo(size: number): Promise<void>;
  /** The last known checkpoint before the start of the line; counts up to `size` if need be. */
  seek(line: number, size: number): Promise<Checkpoint>;
  /** A place in the line with nothing but this line between `offset`, which is in it, and there. */
  skipWithin(line: number, offset: number): number;
  /** Counts a few MiB of the first `size` bytes that are not known yet; `false` if all are known. */
  grow(size: number): Promise<boolean>;
}

/** Distance between checkpoints: roughly what is read for one line. */
const STRIDE_BYTES = 512 * 1024;
const STRIDES_A_STEP = 4;

/**
 * `known`: checkpoints in their order, from the start on. Up to one that `isNoted`, the bytes are yet to be looked
 * through.
 */
export function lineIndex(read: Pages, known: readonly Checkpoint[], strideBytes: number = STRIDE_BYTES): LineIndex {
  const stepBytes = strideBytes * STRIDES_A_STEP;
  let list: Checkpoint[] = known.length > 0 ? [...known] : [START];
  let last: Promise<unknown> = Promise.resolve();

  const end = (): Checkpoint => list.at(-1) ?? START;
  /** Runs one change at a time, in the order of the calls. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const scanned = async (start: Checkpoint, to: number): Promise<Scanned> => {
    const page = await read(start.offset, to);
    const found = scan(page, start, strideBytes);
    release(page);
    return found;
  };

  /** Looks on from the checkpoint at `i`, toward the next one. */
  async function growFront(i: number): Promise<void> {
    const [from, to] = [list[i], list[i + 1]];
    if (!from || !to) return;
    const { inner, end: reached } = await scanned(from, Math.min(from.offset + stepBytes, to.offset));
    if (reached.offset < to.offset) list.splice(i + 1, 0, ...inner, reached);
    else {
      // Now the bytes have been counted, whatever was noted.
      const by = reached.line - to.line;
      const behind = list.slice(i + 2).map((place) => ({ ...place, line: place.line + by }));
      list = [...list.slice(0, i + 1), ...inner, reached, ...behind];
    }
  }
  /** Looks back from the checkpoint at `i`, toward the one before. */
  async function growBack(i: number): Promise<void> {
    const [before, to] = [list[i - 1], list[i]];
    if (!before || !to) return;
    // In small steps: in an archive without a manifest, each segment is found from the one after it.
    const offset = Math.max(before.offset, to.offset - strideBytes);
    if (offset === before.offset) return growFront(i - 1);
    const { end: reached } = await scanned({ offset, line: 0 }, to.offset);
    list.splice(i, 1, { offset, line: to.line - reached.line, isNoted: true }, { offset: to.offset, line: to.line });
  }
  async function growEnd(size: number): Promise<void> {
    const found = await scanned(end(), Math.min(size, end().offset + stepBytes));
    for (const place of [...found.inner, found.end]) {
      const [before, open] = [list.at(-2), end()];
      // The end before was only an end, unless it is far enough from the one before it.
      if (before && !open.isNoted && open.offset - before.offset < strideBytes) list.pop();
      list.push(place);
    }
  }

  return {
    get end() {
      return end();
    },
    extendTo: (size) =>
      exclusive(async () => {
        while (end().offset < size) await growEnd(size);
      }),
    seek: (line, size) =>
      exclusive(async () => {
        while (end().line < line && end().offset < size) await growEnd(size);
        for (;;) {
          const i = findLast(list, (place) => place.line < line);
          const [before, behind] = [list[i], list[i + 1]];
          if (!before || !behind?.isNoted) return before ?? START;
          if (line - before.line <= behind.line - line) await growFront(i);
          else await growBack(i + 1);
        }
      }),
    skipWithin(line, offset) {
      const place = list[findLast(list, (one) => one.line <= line)];
      return place?.line === line ? Math.max(offset, place.offset) : offset;
    },
    grow: (size) =>
      exclusive(async () => {
        const i = list.findIndex(({ isNoted }) => isNoted);
        if (i > 0) await growFront(i - 1);
        else if (end().offset < size) await growEnd(size);
        return list.some(({ isNoted }) => isNoted) || end().offset < size;
      }),
  };
}

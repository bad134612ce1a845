/** The parts of a file that are best read as a whole. */
import type { Segment } from "../format/manifest.js";
import { findSegment as findLast, type ReadIndex } from "../format/reader.js";
import type { Range } from "./file-bytes.js";
import type { Checkpoint } from "./line-index/checkpoints.js";

/** A segment of an archive, or some live bytes. */
export interface Block extends Range {
  /** The first time in it, unix ms, if an archive's index has one: the lines of the block before that one have none. */
  readonly time?: number | undefined;
  /** Whether it has no line end. */
  readonly isWithinLine?: boolean | undefined;
}

/** Few enough for one line; those beside each other are read at once. */
const LIVE_BLOCK_BYTES = 64 * 1024;

export function segmentAt({ segments }: ReadIndex, offset: number): Block | undefined {
  const segment = segments[findLast(segments, ({ rawOffset }) => rawOffset <= offset)];
  return segment && blockOf(segment);
}

/** The live block with the byte at `offset`, of a file whose first bytes are `archived`. */
export function liveAt(offset: number, archived: number, size: number): Block {
  const start = offset - (offset % LIVE_BLOCK_BYTES);
  return { start: Math.max(archived, start), end: Math.min(size, start + LIVE_BLOCK_BYTES) };
}

/** The segments before `to`, backwards from there: at least one, and as many as hold `bytes` as far as the index goes. */
export function segmentsBefore({ segments }: ReadIndex, to: number, bytes: number): readonly Block[] {
  const blocks: Block[] = [];
  for (let i = findLast(segments, ({ rawOffset }) => rawOffset < to); i >= 0; i--) {
    const segment = segments[i] as Segment;
    blocks.push({ ...blockOf(segment), isWithinLine: segments[i + 1]?.line === segment.line });
    if (segment.rawOffset <= to - bytes) break;
  }
  return blocks;
}

/** At least `bytes` of live output before `to`; or those that two of these places show to be within one line. */
export function liveBefore(places: readonly Checkpoint[], archived: number, to: number, bytes: number): Block {
  const i = findLast(places, ({ offset }) => offset < to);
  const before = places[i];
  const isWithinLine = before !== undefined && before.line === places[i + 1]?.line;
  const start = isWithinLine ? before.offset : liveAt(Math.max(0, to - bytes), archived, to).start;
  return { start: Math.max(archived, start), end: to, isWithinLine };
}

function blockOf({ rawOffset, rawSize, timestamp }: Segment): Block {
  return { start: rawOffset, end: rawOffset + rawSize, time: timestamp ?? undefined };
}

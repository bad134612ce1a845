/**
 * Looks for the segments of a damaged file by their markers alone, where no manifest has its rows. Rows that are left of
 * a torn manifest prove the segments that have their CRC, and expose those that don't.
 */
import { isSame, toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { crc32OfAll } from "../../format/crc32.js";
import { HEADER, TRAILER_BYTES, trailer } from "../../format/gzip/frame.js";
import { findIslands, type Island } from "../../format/gzip/islands.js";
import type { Segment } from "../../format/manifest.js";
import { endsAs } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { OUTPUT } from "../../session/metadata.js";
import { sinkDonor } from "./donors.js";
import type { Rows } from "./known-rows.js";
import type { Found, Run, Saved } from "./saved.js";

/** `totalLines`: how many lines the file had, if the metadata says so. */
export async function findByMarkers(
  ctx: Context,
  file: ArchivedFile,
  info: ArchiveInfo,
  hints: readonly Rows[],
  totalLines: number | undefined,
  op: OpOptions,
): Promise<Found> {
  // A sidecar may hold an archive itself, whose segments look like its own.
  const goesOn = file.name === OUTPUT;
  const islands = await findIslands(ctx.archives, ctx.codec, { key: info.key, size: info.size, goesOn }, op);
  const rowOf = hintsFor(islands, hints);
  const whole = believable(islands, rowOf, goesOn);
  const endsRight = await endsAs(ctx.archives, info, file, op);
  const runs: Run[] = [];
  for (const group of grouped(whole)) {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last || (await isOthers(ctx, info, file, group, op))) continue;
    const pieces = group.map((island) => savedFrom(ctx, info, island, typeof rowOf(island) === "object", op));
    const isFirst = first === islands[0] && first.archiveOffset === FIRST_OFFSET;
    const isLast = endsRight && last.archiveOffset + last.archiveSize === info.size - TRAILER_BYTES;
    const known = lineOf(group, rowOf);
    const line = isFirst ? 0 : (known ?? (isLast ? await fromEnd(pieces, totalLines) : undefined));
    runs.push({ pieces, isFirst, isLast, line });
  }
  return { runs, totalLines: totalLines ?? file.lines, isExact: totalLines !== undefined };
}

const FIRST_OFFSET = HEADER.length;

/** Whether these segments are a whole archive that was written over this one: its own end follows them. */
async function isOthers(
  ctx: Context,
  { key }: ArchiveInfo,
  file: ArchivedFile,
  group: readonly Island[],
  op: OpOptions,
): Promise<boolean> {
  const last = group.at(-1);
  if (group[0]?.archiveOffset !== FIRST_OFFSET || !last) return false;
  const crc = crc32OfAll(group);
  const rawBytes = group.reduce((sum, { rawSize }) => sum + rawSize, 0);
  const start = last.archiveOffset + last.archiveSize;
  const end = await toBytes(ctx.archives.read(key, { start, end: start + TRAILER_BYTES }, op));
  return !(crc === file.crc32 && rawBytes === file.rawBytes) && isSame(end, trailer(crc, rawBytes));
}

type RowOf = (island: Island) => Segment | "contradicted" | undefined;

/** Rows are believed if one of the same manifest has the CRC of a segment. */
function hintsFor(islands: readonly Island[], hints: readonly Rows[]): RowOf {
  const at = new Map(islands.map((island) => [island.archiveOffset, island]));
  const isOf = (row: Segment, island: Island | undefined): boolean =>
    island?.archiveSize === row.archiveSize && island.rawSize === row.rawSize && island.crc32 === row.crc32;
  const believed = hints.filter((rows) => rows.some((row) => isOf(row, at.get(row.archiveOffset))));
  const byOffset = new Map(believed.flat().map((row) => [row.archiveOffset, row]));
  return (island) => {
    const row = byOffset.get(island.archiveOffset);
    return row && (isOf(row, island) ? row : "contradicted");
  };
}

/**
 * Those that a row proves, and of an output also those that are lines of JSON. Damage that still inflates seldom leaves
 * such lines; of other data nothing would show it.
 */
function believable(islands: readonly Island[], rowOf: RowOf, isOutput: boolean): readonly Island[] {
  const believed: Island[] = [];
  for (const island of islands) {
    const row = rowOf(island);
    const before = believed.at(-1);
    const isNext = before !== undefined && before.archiveOffset + before.archiveSize === island.archiveOffset;
    const { startsLine, isJsonl } = island.text;
    // After a hole, what is left of a line is cut off later.
    const isFirstRight = startsLine || (isNext ? !before.text.endsLine : island.archiveOffset !== FIRST_OFFSET);
    if (typeof row === "object" || (row === undefined && isOutput && isJsonl && isFirstRight)) believed.push(island);
  }
  return believed;
}

function grouped(islands: readonly Island[]): readonly (readonly Island[])[] {
  const groups: Island[][] = [];
  let end = -1;
  for (const island of islands) {
    if (island.archiveOffset !== end) groups.push([]);
    groups.at(-1)?.push(island);
    end = island.archiveOffset + island.archiveSize;
  }
  return groups;
}

function savedFrom(ctx: Context, info: ArchiveInfo, island: Island, proven: boolean, op: OpOptions): Saved {
  const donor = sinkDonor(ctx, info, undefined, op);
  const segment: Segment = { ...island, rawOffset: 0, line: 0, timestamp: null };
  const { rawSize, crc32, newlines } = island;
  return {
    ...{ rawSize, crc32, newlines, proven },
    async read() {
      const raw = await donor.segment(segment);
      if (raw) return raw;
      throw new ArchiverError("CORRUPT", `Archive "${info.key}" was changed while it was read: salvage again.`);
    },
  };
}

function lineOf(group: readonly Island[], rowOf: RowOf): number | undefined {
  let newlines = 0;
  for (const island of group) {
    const row = rowOf(island);
    if (typeof row === "object") return row.line - newlines;
    newlines += island.newlines;
  }
  return undefined;
}

/** The line of the first byte of pieces that end with the file. */
async function fromEnd(pieces: readonly Saved[], totalLines: number | undefined): Promise<number | undefined> {
  if (totalLines === undefined) return undefined;
  const isOpen = (await pieces.at(-1)?.read())?.at(-1) !== 10;
  return totalLines - (isOpen ? 1 : 0) - pieces.reduce((sum, { newlines }) => sum + newlines, 0);
}

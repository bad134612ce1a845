/** Finds which archives hold all that others hold: an archive of a session that went on begins with the one before. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { FileIndex } from "../../format/manifest.js";
import { type PrefixCheck, prefixCheck } from "../../format/prefix-check.js";
import { readArchive } from "../../format/reader.js";
import type { Bytes, OpOptions } from "../../ports.js";
import type { FoundFile } from "./open-found.js";

/**
 * Those that are not the beginning of another, longest first. Of several that hold the same, the first of `files`
 * stands for all; a damaged one never stands for a whole one.
 */
export async function maximalOf(
  ctx: Context,
  files: readonly FoundFile[],
  op: OpOptions,
): Promise<readonly FoundFile[]> {
  const sorted = files.toSorted((a, b) => b.index.rawBytes - a.index.rawBytes || Number(b.isWhole) - Number(a.isWhole));
  const maximal: FoundFile[] = [];
  const covered = new Set<FoundFile>();
  for (const file of sorted) {
    if (covered.has(file)) continue;
    maximal.push(file);
    const shorter = sorted.filter((other) => other !== file && !maximal.includes(other) && !covered.has(other));
    for (const other of await beginningsOf(ctx, file, shorter, op)) {
      if (file.isWhole || !other.isWhole) covered.add(other);
    }
  }
  return maximal;
}

/** Those of `others` with which the file begins. Its bytes are read only where the segments don't show it. */
export async function beginningsOf(
  ctx: Context,
  file: FoundFile,
  others: readonly FoundFile[],
  op: OpOptions,
): Promise<readonly FoundFile[]> {
  const found = others.filter((other) => beginsWithSegments(file.index, other.index));
  const unclear = others.filter((other) => !found.includes(other) && other.index.rawBytes <= file.index.rawBytes);
  if (!file.isWhole || unclear.length === 0) return found;
  // Up to the first segment that differs, they are the same.
  const start = Math.min(...unclear.map((other) => sameBytes(file.index, other.index)));
  const end = Math.max(...unclear.map((other) => other.index.rawBytes));
  const held = await heldBy(
    readArchive(ctx.archives, ctx.codec, file.index, { start, end }, op),
    unclear.map(({ index }) => ({ ...index, segments: index.segments.filter(({ rawOffset }) => rawOffset >= start) })),
  );
  return [...found, ...unclear.filter((_, i) => held[i])];
}

/** For each index, whether the content begins with all that it describes. Reads no more than needed. */
export async function heldBy(content: Bytes, indexes: readonly FileIndex[]): Promise<readonly boolean[]> {
  const checks = indexes.map((index) => prefixCheck(index));
  const isOpen = (check: PrefixCheck): boolean => check.holds() === undefined;
  try {
    for await (const chunk of content) {
      for (const check of checks) check.add(chunk);
      if (!checks.some(isOpen)) break;
    }
  } catch (error) {
    if (!hasCode(error, "CORRUPT", "NOT_FOUND", "CONFLICT")) throw error;
  }
  return checks.map((check) => check.holds() === true);
}

function beginsWithSegments(long: FileIndex, short: FileIndex): boolean {
  return sameBytes(long, short) === short.rawBytes;
}

/** How many bytes of the short one are in segments with which both begin. What goes on copies all but small last ones. */
function sameBytes(long: FileIndex, short: FileIndex): number {
  const differs = short.segments.find(({ rawSize, crc32 }, i) => {
    const other = long.segments[i];
    return other?.rawSize !== rawSize || other.crc32 !== crc32;
  });
  return differs?.rawOffset ?? short.rawBytes;
}

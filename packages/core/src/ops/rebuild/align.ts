/**
 * Relates the live blobs that are still there to an archive that was found: what in them is archived, and what comes
 * after it. A live blob is never replaced, and what it holds is never taken for a copy without a comparison.
 */
import { areEqual } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import type { BlobRef, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { RESTORED_PREFIX } from "../../session/file-state.js";

/** Stands for the generation of the blob that an archive was made from, where no manifest tells it. */
export const REBUILT = "rebuilt";

/** `undefined`: the blob holds other bytes than the archive, and is the file as it is now. */
export async function alignedWith(
  ctx: Context,
  file: ArchivedFile,
  index: FileIndex,
  blob: BlobRef,
  op: OpOptions,
): Promise<ArchivedFile | undefined> {
  const { generation, size } = blob;
  const { rawBytes, liveBytes } = file;
  const isEqualFrom = (start: number, length: number): Promise<boolean> =>
    isEqual(ctx, index, { start, end: start + length }, blob, length, op);
  if (generation === file.generation) {
    const isSo = liveBytes <= Math.min(size, rawBytes) && (await isEqualFrom(rawBytes - liveBytes, liveBytes));
    return isSo ? file : undefined;
  }
  // A copy that a restore has made; or, where no manifest says which blob was archived, one that begins with all of it.
  const isRestored = generation.startsWith(RESTORED_PREFIX);
  if (isRestored || (file.generation === REBUILT && size >= rawBytes)) {
    const all = Math.min(size, rawBytes);
    if (await isEqualFrom(0, all)) return { ...file, generation, liveBytes: all };
    if (isRestored) return undefined;
  }
  // Any other blob is new output, even if it holds the same lines as the archive does.
  const [, bytes, crc] = /^follows-(\d+)-(\d+)-/.exec(generation) ?? [];
  const from = Number(bytes ?? rawBytes);
  if (bytes === undefined || (from === rawBytes && Number(crc) === file.crc32)) return file;
  // It continues an archive before this one, which holds the same after that; or one that is lost, and can't follow this.
  const held = Math.min(size, rawBytes - from);
  return held > 0 && (await isEqualFrom(from, held)) ? { ...file, generation, liveBytes: held } : undefined;
}

async function isEqual(
  ctx: Context,
  index: FileIndex,
  range: { readonly start: number; readonly end: number },
  blob: BlobRef,
  length: number,
  op: OpOptions,
): Promise<boolean> {
  const archived = readArchive(ctx.archives, ctx.codec, index, range, op);
  try {
    return await areEqual(archived, ctx.blobs.read(blob, { start: 0, end: length }, op));
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return false; // a damaged archive proves nothing about the blob
    throw error;
  }
}

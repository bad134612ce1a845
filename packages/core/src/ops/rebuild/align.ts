/**
 * Relates the live blobs that are still there to an archive that was found: what in them is archived, and what comes
 * after it. A live blob is never replaced, and what it holds is never taken for a copy without a comparison.
 */
import { isSame } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import type { BlobRef, Bytes, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { RESTORED_PREFIX } from "../../session/file-state.js";

/** `undefined`: the blob holds other bytes than the archive, and is the file as it is now. */
export async function alignedWith(
  ctx: Context,
  file: ArchivedFile,
  index: FileIndex,
  blob: BlobRef,
  op: OpOptions,
): Promise<ArchivedFile | undefined> {
  const { generation, size } = blob;
  const isArchived = generation === file.generation;
  const isCopy = generation.startsWith(RESTORED_PREFIX);
  const isNext = generation === followed(generation, file);
  if (isNext && !isArchived) return file;
  const all = Math.min(size, file.rawBytes);
  // The blob is the file from its first byte on, as after a first archive or a restore.
  if (await isEqual(ctx, index, { start: 0, end: all }, blob, all, op)) return { ...file, generation, liveBytes: all };
  if (isCopy) return undefined;
  // The blob held only what was new when it was archived.
  const start = file.rawBytes - Math.min(file.liveBytes, size);
  const isEnd =
    isArchived && (await isEqual(ctx, index, { start, end: file.rawBytes }, blob, file.rawBytes - start, op));
  if (isEnd) return { ...file, liveBytes: file.rawBytes - start };
  // Written by its host after the archive was made; or after an archive that is lost, and then it can't follow this one.
  return isArchived || generation.startsWith("follows-") ? undefined : file;
}

/** The generation, if it is one for output that continues exactly this archive. */
function followed(generation: string, { rawBytes, crc32 }: ArchivedFile): string | undefined {
  return generation.startsWith(`follows-${rawBytes}-${crc32}-`) ? generation : undefined;
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
    return await sameBytes(archived, ctx.blobs.read(blob, { start: 0, end: length }, op));
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return false; // a damaged archive proves nothing about the blob
    throw error;
  }
}

/** Whether two streams give the same bytes, however they are cut. */
async function sameBytes(a: Bytes, b: Bytes): Promise<boolean> {
  const other = b[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  try {
    for await (let chunk of a) {
      while (chunk.length > 0) {
        if (rest.length === 0) {
          const next = await other.next();
          if (next.done) return false;
          rest = next.value;
          continue;
        }
        const length = Math.min(rest.length, chunk.length);
        if (!isSame(rest.subarray(0, length), chunk.subarray(0, length))) return false;
        rest = rest.subarray(length);
        chunk = chunk.subarray(length);
      }
    }
    return rest.length === 0 && (await other.next()).done === true;
  } finally {
    await other.return?.();
  }
}

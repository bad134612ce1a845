/** The second half of a removal: everything that the session has, and last its object. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { BlobRef, OpOptions, StoredObject } from "../../ports.js";
import { givenUpKeys } from "../../session/archive-keys.js";
import { deleteIfUnchanged } from "../../session/delete-if-unchanged.js";
import { blobsOf, busy, MAX_TRIES } from "../../session/snapshot.js";
import { isRemoving } from "../../session/state.js";

export interface RemoveResult {
  readonly id: string;
  readonly liveBytesFreed: number;
  /** Stored bytes deleted from the sink. */
  readonly archiveBytesFreed: number;
}

/** Does what is left of a removal, if one was begun. */
export async function finishRemove(ctx: Context, id: string, op: OpOptions): Promise<RemoveResult> {
  let liveBytesFreed = 0;
  let archiveBytesFreed = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const blobs = await blobsOf(ctx, id, op);
    // Looked at after the blobs: if it is there still, they are not those of a session that has come after it.
    const object = await ctx.objects.get(id, op);
    if (!object || !isRemoving(object.meta)) return { id, liveBytesFreed, archiveBytesFreed };
    const freed = await deleteBytes(ctx, blobs, givenUpKeys(id, object.meta), op);
    liveBytesFreed += freed.live;
    archiveBytesFreed += freed.archive;
    if (!freed.all) continue;
    try {
      await ctx.objects.delete(id, object.version, op);
      ctx.emit({ type: "removed", id, liveBytesFreed, archiveBytesFreed });
      return { id, liveBytesFreed, archiveBytesFreed };
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
  throw busy(id);
}

/**
 * After blobs were made: of a session that was removed meanwhile, or is being removed, they are deleted again, since the
 * removal may have looked before they were there. Then `NOT_FOUND`; otherwise the session's object as it is.
 */
export async function leaveNothingBehind(ctx: Context, id: string, made: readonly BlobRef[]): Promise<StoredObject> {
  const object = await ctx.objects.get(id);
  if (object && !isRemoving(object.meta)) return object;
  await deleteBytes(ctx, made, [], {});
  throw new ArchiverError("NOT_FOUND", `Session "${id}" was removed meanwhile.`, { id });
}

interface Freed {
  readonly live: number;
  readonly archive: number;
  /** `false`: a blob had grown or was replaced. */
  readonly all: boolean;
}

export async function deleteBytes(
  ctx: Context,
  blobs: readonly BlobRef[],
  keys: readonly string[],
  op: OpOptions,
): Promise<Freed> {
  const freed = { live: 0, archive: 0, all: true };
  for (const blob of blobs) {
    if (await deleteIfUnchanged(ctx, blob, op)) freed.live += blob.size;
    else freed.all = false;
  }
  for (const key of keys) {
    freed.archive += (await ctx.archives.stat(key, op))?.size ?? 0;
    await ctx.archives.delete(key, op);
  }
  return freed;
}

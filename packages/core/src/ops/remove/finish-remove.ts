/** The second half of a removal: deletes everything that the session has, and last its object. */
import { type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { BlobRef, OpOptions, StoredObject } from "../../ports.js";
import { givenUpKeys } from "../../session/archive-keys.js";
import { blobsOf, busy, MAX_TRIES } from "../../session/snapshot.js";
import { isForgetting, isForgotten, isRemoving } from "../../session/state.js";
import { finishForget } from "../forget/finish-forget.js";
import { deleteBytes } from "./delete-bytes.js";

export interface RemoveResult {
  readonly id: string;
  readonly liveBytesFreed: number;
  /** Bytes deleted from the sink. */
  readonly archiveBytesFreed: number;
}

/** Finishes a removal, if one was begun. A session that is being forgotten leaves its tombstone. */
export async function finishRemove(ctx: Context, id: string, op: OpOptions): Promise<RemoveResult> {
  let liveBytesFreed = 0;
  let archiveBytesFreed = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const blobs = await blobsOf(ctx, id, op);
    // Read after the blobs: if the object is still there, they are not those of a new session with its id.
    const object = await ctx.objects.get(id, op);
    if (!object || !isRemoving(object.meta)) return { id, liveBytesFreed, archiveBytesFreed };
    if (isForgetting(object.meta)) {
      const { left, ...forgotten } = await finishForget(ctx, id, op);
      for (const { key, reason } of left) warn(ctx, id, new ArchiverError("CORRUPT", reason, { id, key }));
      return forgotten;
    }
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
 * Call it after making blobs. If the session was removed or forgotten meanwhile, or is being removed, it deletes them
 * again, since the removal may have looked before they were there, and rejects with `NOT_FOUND`. Otherwise it resolves
 * to the session's object.
 */
export async function leaveNothingBehind(ctx: Context, id: string, made: readonly BlobRef[]): Promise<StoredObject> {
  const object = await ctx.objects.get(id);
  if (object && !isRemoving(object.meta) && !isForgotten(object.meta)) return object;
  await deleteBytes(ctx, made, [], {});
  throw new ArchiverError("NOT_FOUND", `Session "${id}" was removed meanwhile.`, { id });
}

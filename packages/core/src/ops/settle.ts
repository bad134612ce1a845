/**
 * Finishes what was under way when something stopped: deletes blobs whose bytes the archive holds, commits a restore
 * or a replacement whose blobs are there. Goes by the stored state alone, and is safe beside every other operation.
 */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { BlobRef, Meta, OpOptions, StoredObject } from "../ports.js";
import { tryPut, updateMeta } from "../session/commit.js";
import { rethrowUnlessChanged } from "../session/damage.js";
import { deleteIfUnchanged } from "../session/delete-if-unchanged.js";
import { fileStates } from "../session/file-state.js";
import { KEY, positiveAt } from "../session/metadata.js";
import { requireArchives } from "../session/require-archives.js";
import { busy, MAX_TRIES, peekAt, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { isArchived, isPruned, isRemoving } from "../session/state.js";
import { asSettled } from "../session/transitions/archived.js";
import { asNotReplacing } from "../session/transitions/replaced.js";
import { replacingIn } from "../session/versions.js";
import { finishReplacing } from "./import/finish-replacing.js";
import { finishRemove } from "./remove/finish-remove.js";
import { finishRestore } from "./restore/finish-restore.js";

/** Bytes of live blobs that were deleted. `NOT_FOUND` for an unknown id. */
export async function settle(ctx: Context, id: string, op: OpOptions = {}): Promise<number> {
  try {
    const liveBytesFreed = await finish(ctx, id, op);
    if (liveBytesFreed > 0) ctx.emit({ type: "settled", id, liveBytesFreed });
    return liveBytesFreed;
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error;
    const object = await ctx.objects.get(id, op);
    if (!object || !isRemoving(object.meta)) throw error;
    return (await finishRemove(ctx, id, op)).liveBytesFreed;
  }
}

/** The same without an event. */
export async function finish(ctx: Context, id: string, op: OpOptions): Promise<number> {
  let freed = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    let snapshot = await takeSnapshot(ctx, id, op);
    if (replacingIn(snapshot.object.meta)) {
      await finishReplacing(ctx, snapshot, op);
      continue;
    }
    // Of a purged session there may be a blob of a restore that came too late.
    if (!isArchived(snapshot.object.meta)) return freed + (await deleteOutdated(ctx, snapshot, op));
    if (snapshot.files.some((state) => state.kind === "restored") && (await finishRestore(ctx, snapshot, op)))
      return freed;
    try {
      await requireArchives(ctx, snapshot, op);
    } catch (error) {
      await rethrowUnlessChanged(ctx, snapshot, error);
      continue;
    }
    const deleted = await deleteOutdated(ctx, snapshot, op);
    freed += deleted;
    if (deleted > 0) snapshot = await takeSnapshot(ctx, id, op);
    if (await recordSettled(ctx, snapshot, op)) return freed;
  }
  throw busy(id);
}

/**
 * The same after the commit of an archive: `object` as that left it, and the blobs that were looked at before. Whether
 * they are outdated still, the deletes ask; whether nothing else has changed, the swap at the end.
 */
export async function finishArchive(
  ctx: Context,
  object: StoredObject,
  blobs: readonly BlobRef[],
  op: OpOptions,
): Promise<number> {
  const freed = await deleteOutdated(ctx, { object, files: fileStates(object.id, object.meta, blobs) }, op);
  if (await recordSettled(ctx, await peekAt(ctx, object, op), op)) return freed;
  return freed + (await finish(ctx, object.id, op));
}

/** Takes the intent of an import back if it is this one still, and deletes what belongs to nobody then. */
export async function cancelReplacing(ctx: Context, id: string, generation: string, op: OpOptions): Promise<void> {
  const isOurs = (meta: Meta): boolean => replacingIn(meta)?.generation === generation;
  await updateMeta(ctx, id, (meta) => (isOurs(meta) ? asNotReplacing(meta) : meta), op);
  await finish(ctx, id, op);
}

async function deleteOutdated(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<number> {
  let freed = 0;
  for (const state of snapshot.files) {
    if (state.kind !== "leftover" && state.kind !== "stray") continue;
    if (await deleteIfUnchanged(ctx, state.blob, op)) freed += state.blob.size;
  }
  return freed;
}

/** Notes what the snapshot shows; `false` if the session has changed since. */
async function recordSettled(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<boolean> {
  const { object, files } = snapshot;
  const kinds = new Set(files.map((state) => state.kind));
  if (kinds.has("leftover") || kinds.has("stray")) return false;
  const hasLive = kinds.has("continuation") || kinds.has("restored");
  const resumed = positiveAt(object.meta, KEY.resumedAt) !== undefined;
  const settling = positiveAt(object.meta, KEY.settlingAt) !== undefined;
  if (isPruned(object.meta) || (!settling && resumed === hasLive)) return true;
  return (await tryPut(ctx, object, asSettled(object.meta, hasLive ? ctx.now() : undefined), op)) !== undefined;
}

/** Removes a session: first marks its archives as given up, then deletes them, its live bytes, and last its object. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { Meta, OpOptions, StoredObject } from "../../ports.js";
import { givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { isOwnKey } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { blobsOf, busy, MAX_TRIES, takeSnapshot } from "../../session/snapshot.js";
import { isForgetting, isRemoving } from "../../session/state.js";
import { asRemoving } from "../../session/transitions/tombstone.js";
import { archivesOf, explain } from "../gc/explain.js";
import { whySetBack, whyUnknown } from "../gc/set-back.js";
import { deleteBytes } from "./delete-bytes.js";
import { finishRemove, type RemoveResult } from "./finish-remove.js";
import { recordIfRoom } from "./record-if-room.js";

export interface RemoveOptions extends OpOptions {
  /**
   * What to do with archive objects of the session whose bytes the catalogue does not know. `keep`, the default:
   * refuses the removal. `delete`: deletes them as well.
   */
  readonly unknown?: "keep" | "delete" | undefined;
}

/**
 * There is no way back. Of a forgotten session it removes the tombstone, so that it may be imported again. The next
 * sweep or gc finishes a removal that was cut short; until then the session counts as gone. `NOT_FOUND` for an unknown session; `CONFLICT` if it keeps changing, or if the catalogue was set back.
 */
export async function remove(ctx: Context, id: string, options: RemoveOptions = {}): Promise<RemoveResult> {
  const { unknown: what = "keep", ...op } = options;
  if (what !== "keep" && what !== "delete") {
    throw new ArchiverError("INVALID_ARGUMENT", `unknown must be "keep" or "delete", is ${JSON.stringify(what)}.`);
  }
  const refused = what === "keep" ? await whySetBack(ctx, op) : undefined;
  if (refused !== undefined) throw new ArchiverError("CONFLICT", refused, { id });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const cutShort = await cutShortAt(ctx, id, op);
    if (cutShort) {
      const done = await finishRemove(ctx, id, op);
      if (!isForgetting(cutShort)) return done;
      continue; // a session that was being forgotten has left a tombstone, which is to be removed as well
    }
    const snapshot = await takeSnapshot(ctx, id, op);
    const store = await ctx.notes.id(op);
    const infos = await archivesOf(ctx, store, id, op);
    const { unknown, suspicious } = await explain(ctx, store, snapshot, infos, op);
    if (suspicious > 0 && what === "keep") throw new ArchiverError("CONFLICT", whyUnknown(id, suspicious), { id });
    const kept = new Set(what === "keep" ? unknown : []);
    const going = infos.filter((info) => !kept.has(info));
    // Objects that the session names are deleted even if the listing by its prefixes does not show them.
    const { meta } = snapshot.object;
    const named = namedKeys(id, meta).filter((key) => isOwnKey(id, key));
    const keys = [...new Set([...going.map(({ key }) => key), ...named, ...givenUpKeys(id, meta)])];
    const archiveBytes = going.reduce((sum, { size }) => sum + size, 0);
    await recordIfRoom(ctx, { id, change: "removed", archiveBytes, keys });
    const removing = asRemoving(meta, ctx.now(), keys);
    try {
      if ((await tryPut(ctx, snapshot.object, removing, op)) !== undefined) return finishRemove(ctx, id, op);
    } catch (error) {
      if (!hasCode(error, "QUOTA")) throw error;
      const removed = await removeUnnoted(ctx, snapshot.object, keys, op);
      if (removed) return removed;
    }
  }
  throw busy(id);
}

/** Removes without a mark: a full store has no room for it, and removing is what frees room. */
async function removeUnnoted(
  ctx: Context,
  { id, version }: StoredObject,
  keys: readonly string[],
  op: OpOptions,
): Promise<RemoveResult | undefined> {
  const freed = await deleteBytes(ctx, await blobsOf(ctx, id, op), keys, op);
  try {
    if (!freed.all) return undefined;
    await ctx.objects.delete(id, version, op);
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error;
    return undefined;
  }
  const result = { id, liveBytesFreed: freed.live, archiveBytesFreed: freed.archive };
  ctx.emit({ type: "removed", ...result });
  return result;
}

/** The metadata of a session whose removal was cut short. */
async function cutShortAt(ctx: Context, id: string, op: OpOptions): Promise<Meta | undefined> {
  const object = await ctx.objects.get(id, op);
  return object && isRemoving(object.meta) ? object.meta : undefined;
}

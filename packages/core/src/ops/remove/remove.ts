/** Removes a session: gives its archives up, then deletes them, its live bytes, and last its object. */
import { type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { isOwnKey } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { blobsOf, busy, MAX_TRIES, takeSnapshot } from "../../session/snapshot.js";
import { isRemoving } from "../../session/state.js";
import { asRemoving } from "../../session/transitions/tombstone.js";
import { archivesOf, explain } from "../gc/explain.js";
import { whySetBack, whyUnknown } from "../gc/set-back.js";
import { deleteBytes, finishRemove, type RemoveResult } from "./finish-remove.js";

export interface RemoveOptions extends OpOptions {
  /**
   * What to do about archive objects of the session with bytes that the catalogue does not know. `keep`, if not given: the
   * removal is refused. `delete`: they go as well.
   */
  readonly unknown?: "keep" | "delete" | undefined;
}

/**
 * There is no way back. A removal that was cut short is finished by the next sweep or gc, and until then the session counts
 * as gone. `NOT_FOUND` for an unknown session; `CONFLICT` if it keeps changing, or if the catalogue was set back.
 */
export async function remove(ctx: Context, id: string, options: RemoveOptions = {}): Promise<RemoveResult> {
  const { unknown: what = "keep", ...op } = options;
  if (what !== "keep" && what !== "delete") {
    throw new ArchiverError("INVALID_ARGUMENT", `unknown must be "keep" or "delete", is ${JSON.stringify(what)}.`);
  }
  const refused = what === "keep" ? await whySetBack(ctx, op) : undefined;
  if (refused !== undefined) throw new ArchiverError("CONFLICT", refused, { id });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (await isCutShort(ctx, id, op)) return finishRemove(ctx, id, op);
    const snapshot = await takeSnapshot(ctx, id, op);
    const store = await ctx.notes.id(op);
    const infos = await archivesOf(ctx, store, id, op);
    const { unknown, suspicious } = await explain(ctx, store, snapshot, infos, op);
    if (suspicious > 0 && what === "keep") throw new ArchiverError("CONFLICT", whyUnknown(id, suspicious), { id });
    const kept = new Set(what === "keep" ? unknown : []);
    const going = infos.filter((info) => !kept.has(info));
    // What it names goes, also where a listing by its own prefixes does not show it.
    const { meta } = snapshot.object;
    const named = namedKeys(id, meta).filter((key) => isOwnKey(id, key));
    const keys = [...new Set([...going.map(({ key }) => key), ...named, ...givenUpKeys(id, meta)])];
    const archiveBytes = going.reduce((sum, { size }) => sum + size, 0);
    await record(ctx, { id, change: "removed", archiveBytes, keys });
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

/** A full store has no room even for the note of a removal, and removing is how it gets some: then without one. */
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

/** Where there is no room for a record, older copies of the catalogue are not told; that must not stop a removal. */
async function record(ctx: Context, change: Change): Promise<void> {
  try {
    await ctx.records.add(ctx.operation, [change]);
  } catch (error) {
    if (!hasCode(error, "QUOTA")) throw error;
    warn(ctx, change.id, error);
  }
}

async function isCutShort(ctx: Context, id: string, op: OpOptions): Promise<boolean> {
  const object = await ctx.objects.get(id, op);
  return object !== undefined && isRemoving(object.meta);
}

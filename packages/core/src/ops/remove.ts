/** Removes a session: gives its archives up, then deletes them, its live bytes, and last its object. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import type { BlobRef, OpOptions } from "../ports.js";
import { givenUpKeys, isOwnKey, isRemoving, namedKeys } from "../session.js";
import { asRemoving } from "../transitions.js";
import { deleteExactly } from "./delete-exactly.js";
import { archivesOf, explain } from "./gc/explain.js";
import { whySetBack, whyUnknown } from "./gc/set-back.js";
import { busy, MAX_TRIES, takeSnapshot, tryPut } from "./snapshot.js";

export interface RemoveOptions extends OpOptions {
  /**
   * What to do about archive objects of the session with bytes that the catalogue does not know. `keep`, if not given: the
   * removal is refused. `delete`: they go as well.
   */
  readonly unknown?: "keep" | "delete" | undefined;
}

export interface RemoveResult {
  readonly id: string;
  readonly liveBytesFreed: number;
  /** Stored bytes deleted from the sink. */
  readonly archiveBytesFreed: number;
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
    const { unknown } = await explain(ctx, store, snapshot, infos, op);
    if (unknown.length > 0 && what === "keep") {
      throw new ArchiverError("CONFLICT", whyUnknown(id, unknown.length), { id });
    }
    // What it names goes, also where a listing by its own prefixes does not show it.
    const { meta } = snapshot.object;
    const named = namedKeys(id, meta).filter((key) => isOwnKey(id, key));
    const keys = [...new Set([...infos.map(({ key }) => key), ...named, ...givenUpKeys(id, meta)])];
    const archiveBytes = infos.reduce((sum, { size }) => sum + size, 0);
    await ctx.records.add(ctx.operation, [{ id, change: "removed", archiveBytes, keys }]);
    const removing = asRemoving(meta, ctx.now(), keys);
    if ((await tryPut(ctx, snapshot.object, removing, op)) !== undefined) return finishRemove(ctx, id, op);
  }
  throw busy(id);
}

async function isCutShort(ctx: Context, id: string, op: OpOptions): Promise<boolean> {
  const object = await ctx.objects.get(id, op);
  return object !== undefined && isRemoving(object.meta);
}

/** Does what is left of a removal, if one was begun. */
export async function finishRemove(ctx: Context, id: string, op: OpOptions): Promise<RemoveResult> {
  let liveBytesFreed = 0;
  let archiveBytesFreed = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const blobs: BlobRef[] = [];
    for await (const blob of ctx.blobs.list(id, op)) blobs.push(blob);
    // Looked at after the blobs: if it is there still, they are not those of a session that has come after it.
    const object = await ctx.objects.get(id, op);
    if (!object || !isRemoving(object.meta)) return { id, liveBytesFreed, archiveBytesFreed };
    let isEmpty = true;
    for (const blob of blobs) {
      if (await deleteExactly(ctx, blob, op)) liveBytesFreed += blob.size;
      else isEmpty = false;
    }
    for (const key of givenUpKeys(id, object.meta)) {
      archiveBytesFreed += (await ctx.archives.stat(key, op))?.size ?? 0;
      await ctx.archives.delete(key, op);
    }
    if (!isEmpty) continue;
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

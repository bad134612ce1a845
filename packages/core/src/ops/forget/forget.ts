/**
 * Forgets a session, for privacy: first marks it as gone, then deletes all that was made of it, and what run records say
 * of it. A tombstone without content stays, so that no import brings the session back. See ADR 0036.
 */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { BlobRef, OpOptions, StoredObject } from "../../ports.js";
import type { Unforgotten } from "../../run-records/redact.js";
import { tryPut } from "../../session/commit.js";
import { blobsOf, busy, MAX_TRIES } from "../../session/snapshot.js";
import { isForgetting, isForgotten } from "../../session/state.js";
import { asForgetting } from "../../session/transitions/forgotten.js";
import { deleteBytes } from "../remove/delete-bytes.js";
import { recordIfRoom } from "../remove/record-if-room.js";
import { type ForgetResult, finishForget } from "./finish-forget.js";
import { sessionKeys } from "./session-keys.js";

export interface ForgetOptions extends OpOptions {
  /** Changes nothing: only finds out what would be freed. */
  readonly dryRun?: boolean | undefined;
  /** Leaves a tombstone even if nothing here belongs to such a session, so that none is imported under this id. */
  readonly evenIfUnknown?: boolean | undefined;
}

/** All that a session has. `object`: `null` if there is none; `undefined` if it is damaged. */
interface Found {
  readonly object: StoredObject | null | undefined;
  readonly blobs: readonly BlobRef[];
  readonly keys: readonly string[];
  readonly isOnRecord: boolean;
}

/**
 * There is no way back. The session may be in any state, pinned, damaged, or unknown to a catalogue whose sink holds
 * something of it; a session that was forgotten may be forgotten again, for what others have left since. If it was cut
 * short, the session counts as gone, and the next sweep, gc or call finishes it. `NOT_FOUND` if there is nothing of such
 * a session; `CONFLICT` if it keeps changing.
 */
export async function forget(ctx: Context, id: string, options: ForgetOptions = {}): Promise<ForgetResult> {
  const { dryRun = false, evenIfUnknown = false, ...op } = options;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = await find(ctx, id, op);
    const { object, blobs, keys } = found;
    const isNothing = blobs.length + keys.length === 0 && !found.isOnRecord;
    if (object === null && isNothing && !evenIfUnknown) {
      throw new ArchiverError("NOT_FOUND", `There is no session "${id}", and nothing that was made of one.`, { id });
    }
    if (dryRun) return plan(ctx, id, found, op);
    if (object === undefined) return forgetDamaged(ctx, id, found, op);
    if (object && isForgotten(object.meta) && isNothing) {
      return { id, liveBytesFreed: 0, archiveBytesFreed: 0, left: await ctx.records.redact(id, op) };
    }
    if (object && isForgetting(object.meta)) return finishForget(ctx, id, op);
    if (!(object && isForgotten(object.meta))) await recordIfRoom(ctx, { id, change: "removed" });
    try {
      if (await mark(ctx, id, object, keys, op)) return await finishForget(ctx, id, op);
    } catch (error) {
      if (!hasCode(error, "QUOTA")) throw error;
      // A full store has no room for the mark; what is to be forgotten makes room.
      await deleteBytes(ctx, blobs, keys, op);
      if (await mark(ctx, id, object, keys, op)) return await finishForget(ctx, id, op);
    }
  }
  throw busy(id);
}

async function find(ctx: Context, id: string, op: OpOptions): Promise<Found> {
  let object: StoredObject | null | undefined;
  try {
    object = (await ctx.objects.get(id, op)) ?? null;
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
  }
  const keys = await sessionKeys(ctx, id, op);
  const isOnRecord = object ? false : await ctx.records.speaksOf(id, op);
  return { object, blobs: await blobsOf(ctx, id, op), keys, isOnRecord };
}

async function plan(ctx: Context, id: string, { blobs, keys }: Found, op: OpOptions): Promise<ForgetResult> {
  let archiveBytesFreed = 0;
  for (const key of keys) archiveBytesFreed += (await ctx.archives.stat(key, op))?.size ?? 0;
  const liveBytesFreed = blobs.reduce((sum, { size }) => sum + size, 0);
  return { id, liveBytesFreed, archiveBytesFreed, left: [] };
}

/** `false` if the session has changed meanwhile. */
async function mark(
  ctx: Context,
  id: string,
  object: StoredObject | null,
  keys: readonly string[],
  op: OpOptions,
): Promise<boolean> {
  const marked = asForgetting(object?.meta ?? { view: "agent" }, ctx.now(), keys);
  if (object) return (await tryPut(ctx, object, marked, op)) !== undefined;
  try {
    await ctx.objects.put(id, marked, null, op);
    return true;
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return false;
    throw error;
  }
}

/** Without a readable object there can be no mark, and no tombstone: everything else goes, and the object is named. */
async function forgetDamaged(ctx: Context, id: string, { blobs, keys }: Found, op: OpOptions): Promise<ForgetResult> {
  await recordIfRoom(ctx, { id, change: "removed" });
  const freed = await deleteBytes(ctx, blobs, keys, op);
  const left: Unforgotten[] = [{ key: undefined, reason: DAMAGED }, ...(await ctx.records.redact(id, op))];
  return { id, liveBytesFreed: freed.live, archiveBytesFreed: freed.archive, left };
}

const DAMAGED =
  "The session's record in the catalogue is damaged and can't be replaced. Delete it by hand, then forget the session again.";

/**
 * A consistent look at one file of a session, in fewer calls than a snapshot of all files. Every read begins with it.
 */

import { checkName } from "../adapter/validate.js";
import type { Context } from "../context.js";
import type { OpOptions } from "../ports.js";
import { confirm, getObject, peekAt, type Snapshot, withBlobs } from "../session/snapshot.js";
import { isArchived, isPruned } from "../session/state.js";

/**
 * A snapshot that shows this file as it was at some moment of the call, and says nothing about other files. The blob is
 * looked at before the object:
 * - If there was no blob, the whole file was in the archive. The object, read later, names that archive or one that
 *   holds more, because an archive only grows. If a restore came between, the object shows it, and a full snapshot is
 *   taken.
 * - If there was a blob, it is looked at again after the object. If it has the same generation, it was there all the
 *   time.
 */
export async function lookAtFile(ctx: Context, id: string, name: string, op: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  const key = { id, name };
  const before = await ctx.blobs.stat(key, op);
  const object = await getObject(ctx, id, op);
  const blob = before && (await ctx.blobs.stat(key, op));
  const isSame = before ? blob?.generation === before.generation : isArchived(object.meta);
  // Whether a session with a tombstone is in use shows only from all its files.
  if (isSame && !isPruned(object.meta)) return withBlobs(object, blob ? [blob] : []);
  return confirm(ctx, await peekAt(ctx, object, op), op);
}

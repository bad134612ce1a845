/** A consistent look at one file of a session, in fewer steps than one at all of them: reads begin with it. */

import { checkName } from "../adapter/validate.js";
import type { Context } from "../context.js";
import type { OpOptions } from "../ports.js";
import { confirm, getObject, peekAt, type Snapshot, withBlobs } from "../session/snapshot.js";
import { isArchived, isPruned } from "../session/state.js";

/**
 * A snapshot that shows this file as it was at some moment of the call; of others it tells nothing. The blob is asked for
 * before the object:
 * - If there was none then, all of the file was in the archive. The object, read later, names that archive or one that
 *   holds more: an archive only grows. A restore that came between shows by the object; then all is looked at anew.
 * - If there was one, it is asked for once more behind the object. In the same generation it was there all the time.
 */
export async function lookAtFile(ctx: Context, id: string, name: string, op: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  const key = { id, name };
  const before = await ctx.blobs.stat(key, op);
  const object = await getObject(ctx, id, op);
  const blob = before && (await ctx.blobs.stat(key, op));
  const isSame = before ? blob?.generation === before.generation : isArchived(object.meta);
  // What is in use although it has a tombstone, shows by all files only.
  if (isSame && !isPruned(object.meta)) return withBlobs(object, blob ? [blob] : []);
  return confirm(ctx, await peekAt(ctx, object, op), op);
}

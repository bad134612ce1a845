/** Finds or creates the object of a session that is about to be written to. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import { finishRemove } from "../ops/remove/finish-remove.js";
import type { Meta, StoredObject } from "../ports.js";
import { KEY } from "../session/metadata.js";
import { tellRevived } from "../session/revived.js";
import { isForgotten, isRemoving } from "../session/state.js";

/** The object, if it is known then. In place of a forgotten session it makes a new one. */
export async function ensureObject(
  ctx: Context,
  id: string,
  create: Meta | undefined,
): Promise<StoredObject | undefined> {
  if (create === undefined) return undefined;
  let object = await ctx.objects.get(id);
  if (object && isRemoving(object.meta)) {
    await finishRemove(ctx, id, {});
    object = await ctx.objects.get(id);
  }
  if (object && !isForgotten(object.meta)) return object;
  const meta: Meta = { [KEY.view]: "agent", ...create };
  try {
    const version = await ctx.objects.put(id, meta, object?.version ?? null);
    if (object) tellRevived(ctx, id, object.meta);
    return { id, version, meta };
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error; // another writer made it meanwhile
    return undefined;
  }
}

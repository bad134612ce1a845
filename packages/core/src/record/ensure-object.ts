/** The object of a session that is about to be written to. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import { finishRemove } from "../ops/remove/finish-remove.js";
import type { Meta, StoredObject } from "../ports.js";
import { KEY } from "../session/metadata.js";
import { isRemoving } from "../session/state.js";

/** The object, as far as it is known then. */
export async function ensureObject(
  ctx: Context,
  id: string,
  create: Meta | undefined,
): Promise<StoredObject | undefined> {
  if (create === undefined) return undefined;
  const object = await ctx.objects.get(id);
  if (object && !isRemoving(object.meta)) return object;
  if (object) await finishRemove(ctx, id, {});
  const meta: Meta = { [KEY.view]: "agent", ...create };
  try {
    return { id, version: await ctx.objects.put(id, meta, null), meta };
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error; // made by somebody else meanwhile
    return undefined;
  }
}

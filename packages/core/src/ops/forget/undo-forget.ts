/** Lets a forgotten session be imported again. */
import { retryOnConflict } from "../../adapter/retry.js";
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions } from "../../ports.js";
import { getObject } from "../../session/snapshot.js";
import { isForgotten } from "../../session/state.js";

/**
 * Deletes the tombstone, exactly as it was read: if the session lives again meanwhile, nothing happens to it.
 * `NOT_FOUND` for an unknown session, `INVALID_ARGUMENT` for one that is not forgotten.
 */
export async function undoForget(ctx: Context, id: string, op: OpOptions = {}): Promise<void> {
  await retryOnConflict(`Session "${id}"`, { id }, async () => {
    const { meta, version } = await getObject(ctx, id, op);
    if (!isForgotten(meta)) throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is not forgotten.`, { id });
    try {
      await ctx.objects.delete(id, version, op);
      return true;
    } catch (error) {
      if (hasCode(error, "CONFLICT")) return undefined;
      throw error;
    }
  });
}

/** Makes a session that has no output yet. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import type { Meta, OpOptions } from "../ports.js";
import { recordChanges } from "../session/commit.js";
import { KEY } from "../session/metadata.js";
import { peekAt } from "../session/snapshot.js";
import { isRemoving } from "../session/state.js";
import { infoOf, type SessionInfo } from "./info.js";
import { finishRemove } from "./remove/finish-remove.js";
import { checkedMeta, checkOwned } from "./update.js";

/**
 * The view is `agent`, so that sweeps archive the session, unless another is given. What is left of a session with this id
 * that was being removed goes first. `CONFLICT` if there is one, `INVALID_ARGUMENT` for what is no metadata of a host's. If
 * it rejects, there is no new session, unless with `UNAVAILABLE`.
 */
export async function create(ctx: Context, id: string, given: Meta = {}, op: OpOptions = {}): Promise<SessionInfo> {
  const meta = { [KEY.view]: "agent", ...checkedMeta(id, given) };
  checkOwned(id, {}, meta);
  const existing = await ctx.objects.get(id, op);
  if (existing && !isRemoving(existing.meta)) {
    throw new ArchiverError("CONFLICT", `There is a session "${id}" already.`, { id });
  }
  if (existing) await finishRemove(ctx, id, op);
  await recordChanges(ctx, { id, meta: {} }, meta);
  const version = await ctx.objects.put(id, meta, null, op);
  return infoOf(ctx, await peekAt(ctx, { id, version, meta }, op));
}

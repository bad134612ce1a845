/** Lets a catalogue that was set back believe the records of what was given up since. */
import type { Context } from "../../context.js";
import type { OpOptions } from "../../ports.js";
import { namedKeys } from "../../session/archive-keys.js";
import { tryPut } from "../../session/commit.js";
import { takeSnapshot } from "../../session/snapshot.js";
import { isArchived } from "../../session/state.js";
import { asRemoving } from "../../session/transitions/tombstone.js";
import { finishRemove } from "../remove/finish-remove.js";
import type { Material } from "./make-session.js";

/**
 * If everything that the session names is gone, and a record says that it was given up for good, the session gets its
 * tombstone, or is removed. Whether that was so.
 */
export async function believeRecords(ctx: Context, { id, infos, history }: Material, op: OpOptions): Promise<boolean> {
  const { last, purged, gone } = history;
  if (last?.change !== "purged" && last?.change !== "removed") return false;
  const { object, files } = await takeSnapshot(ctx, id, op);
  const named = namedKeys(id, object.meta);
  const there = new Set(infos.map(({ key }) => key));
  const isGone = isArchived(object.meta) && named.length > 0 && named.every((key) => gone.has(key) && !there.has(key));
  if (!isGone || files.some((state) => "blob" in state)) return false;
  if (last.change === "purged")
    return purged?.meta !== undefined && (await tryPut(ctx, object, purged.meta, op)) !== undefined;
  if ((await tryPut(ctx, object, asRemoving(object.meta, ctx.now(), []), op)) === undefined) return false;
  await finishRemove(ctx, id, op);
  return true;
}

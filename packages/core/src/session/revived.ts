/** Tells that a session with a tombstone is in use again. */
import type { Context } from "../context.js";
import type { Meta } from "../ports.js";
import { countAt, KEY } from "./metadata.js";
import { isPruned, isPurged } from "./state.js";

/** To be called once a swap has taken the tombstone, if any, out of `before` because of new output. */
export function tellRevived(ctx: Context, id: string, before: Meta): void {
  if (!isPruned(before)) return;
  const isLost = isPurged(before);
  const lostBytes = isLost ? (countAt(before, KEY.archivedRawBytes) ?? 0) : 0;
  ctx.emit({ type: "revived", id, from: isLost ? "purged" : "pruned", lostBytes });
}

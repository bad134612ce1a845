/** Puts on record that a session goes. */
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { Change } from "../../run-records/changes.js";

/**
 * A full store has no room for a record, so older copies of the catalogue won't learn of it; that must not stop what
 * makes room.
 */
export async function recordIfRoom(ctx: Context, change: Change): Promise<void> {
  try {
    await ctx.records.add(ctx.operation, [change]);
  } catch (error) {
    if (!hasCode(error, "QUOTA")) throw error;
    warn(ctx, change.id, error);
  }
}

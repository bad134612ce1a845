/** Writes the stats of appended output into the session's metadata. */
import type { Context } from "../context.js";
import { fileIn } from "../read/read.js";
import { tryPut } from "../session/commit.js";
import { tellRevived } from "../session/revived.js";
import { busy, confirm, MAX_TRIES, peek, takeSnapshot } from "../session/snapshot.js";
import { hasNewOutput, refusePruned } from "../session/snapshot-facts.js";
import { asWritten } from "../session/transitions/written.js";
import { lifeOf } from "../session/versions.js";
import { loadStats, type Stats, withStats } from "./stats.js";

/**
 * Writes the count, loading it if it isn't `known`, and the times of the first and the last append (unix ms). The same
 * swap marks the session as in use: whatever an archive, a restore or a prune has made of it meanwhile, this output
 * belongs to it. Returns the count. `PRUNED` if it would have to be loaded but the session was pruned meanwhile.
 */
export async function recordStats(
  ctx: Context,
  id: string,
  known: Stats | undefined,
  times: { readonly firstAt: number | undefined; readonly lastAt: number | undefined },
): Promise<Stats> {
  let stats = known;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // The swap shows whether this snapshot is consistent. After a failed swap it is confirmed first, because loading
    // takes long.
    const isProven = tries > 0;
    const seen = isProven ? await takeSnapshot(ctx, id) : await peek(ctx, id);
    const { object } = seen;
    const marked = hasNewOutput(seen) ? asWritten(object.meta, ctx.now()) : object.meta;
    if (!stats && marked !== object.meta) {
      // The mark does not wait for the count.
      if ((await tryPut(ctx, object, marked)) !== undefined) tellRevived(ctx, id, object.meta);
      continue;
    }
    let counted = stats;
    // The count is not about the present output if an import has replaced it meanwhile.
    if (counted?.life !== lifeOf(object.meta)) counted = undefined;
    try {
      refusePruned(seen);
      counted ??= await loadStats(fileIn(ctx, seen, {}), lifeOf(object.meta));
    } catch (error) {
      if ((await confirm(ctx, seen)) === seen) throw error;
      continue;
    }
    if (isProven) stats = counted;
    const next = withStats(marked, { ...counted.counter, ...times });
    if ((await tryPut(ctx, object, next)) === undefined) continue;
    if (marked !== object.meta) tellRevived(ctx, id, object.meta);
    return counted;
  }
  throw busy(id);
}

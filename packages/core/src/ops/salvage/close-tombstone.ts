/** Lets a tombstone say that its archive is gone, where that is so: it can't be taken back. */
import type { Context } from "../../context.js";
import type { OpOptions } from "../../ports.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { busy, MAX_TRIES, takeSnapshot } from "../../session/snapshot.js";
import { isArchived, isPruned } from "../../session/state.js";
import { asPurged } from "../../session/transitions/tombstone.js";

/** Whether the session has such a tombstone. `dryRun`: changes nothing. */
export async function closeTombstone(ctx: Context, id: string, dryRun: boolean, op: OpOptions): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { object, files } = await takeSnapshot(ctx, id, op);
    const { meta } = object;
    const isAllArchived = isPruned(meta) && isArchived(meta) && files.every(({ kind }) => kind === "archived");
    if (!isAllArchived || (await isAnyThere(ctx, id, meta, op))) return false;
    // No key is given up by this: if the archive turns up again, nothing deletes it.
    const closed = withKeys(asPurged(id, meta, ctx.now()), { [KEY.givenUp]: meta[KEY.givenUp] });
    if (dryRun || (await tryPut(ctx, object, closed, op)) !== undefined) return true;
  }
  throw busy(id);
}

async function isAnyThere(
  ctx: Context,
  id: string,
  meta: Parameters<typeof archivedFiles>[1],
  op: OpOptions,
): Promise<boolean> {
  for (const { key } of archivedFiles(id, meta).flatMap(partsOfFile)) if (await ctx.archives.stat(key, op)) return true;
  return false;
}

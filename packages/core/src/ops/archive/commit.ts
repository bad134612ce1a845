/** Commits a new archive, and decides what to do after a lost race. */
import { attempt, type Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { keyTime } from "../../format/keys.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { condemnedKeys } from "../../session/archive-keys.js";
import { tryPut } from "../../session/commit.js";
import { KEY } from "../../session/metadata.js";
import { tellRevived } from "../../session/revived.js";
import { busy, getObject, MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { isSameOutput, refusePruned } from "../../session/snapshot-facts.js";
import { asArchived } from "../../session/transitions/archived.js";
import type { ArchiveOptions } from "./archive-types.js";
import type { NewArchive } from "./new-archive.js";

/** Far less than the grace of any gc. */
const SLOW_MS = 10 * 60 * 1000;

/**
 * Points the object at the new archive. Returns the object as it is now, with the files as they were before. On a
 * failure, deletes the new archive, unless it may be committed all the same.
 */
export async function commit(
  ctx: Context,
  first: Snapshot,
  made: NewArchive,
  recheck: ArchiveOptions["recheck"],
  op: OpOptions,
  transition: typeof asArchived = asArchived,
): Promise<Snapshot> {
  const { id } = first.object;
  let unclear = false;
  try {
    let snapshot = first;
    const committed = (object: StoredObject): Snapshot => {
      if (transition === asArchived) tellRevived(ctx, id, snapshot.object.meta);
      return { ...snapshot, object };
    };
    await checkIfSlow(ctx, id, made, op);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const meta = transition(id, snapshot.object.meta, made.record);
      try {
        const version = await tryPut(ctx, snapshot.object, meta, op);
        if (version !== undefined) return committed({ id, version, meta });
      } catch (error) {
        // The commit may have taken effect, or still be under way: only the object can show it.
        unclear = hasCode(error, "UNAVAILABLE");
        const now = unclear ? await getObject(ctx, id) : undefined;
        if (now?.meta[KEY.manifestKey] === made.record.manifestKey) return committed(now);
        throw error;
      }
      snapshot = await takeSnapshot(ctx, id, op);
      await checkStillRight(ctx, first, snapshot, made, op);
      const reason = recheck?.(snapshot.object.meta);
      if (reason !== undefined) {
        throw new ArchiverError("CONFLICT", `Session "${id}" is no longer to be archived: ${reason}.`, { id });
      }
    }
    throw busy(id);
  } catch (error) {
    if (!unclear) await attempt(ctx, id, () => made.remove());
    throw error;
  }
}

/** After a lost race, the new archive may be committed only if nothing but other metadata has changed. */
async function checkStillRight(
  ctx: Context,
  first: Snapshot,
  now: Snapshot,
  made: NewArchive,
  op: OpOptions,
): Promise<void> {
  const { id, meta } = now.object;
  const isCondemned = condemnedKeys(id, meta).some((key) => made.keys.includes(key));
  refusePruned(now);
  if (isCondemned || !isSameOutput(first, now)) throw busy(id);
  await checkStillThere(ctx, id, made, op);
}

/** `CONFLICT` if the new archive took so long that gc of a copy of the store may have deleted it, and has. */
export async function checkIfSlow(ctx: Context, id: string, made: NewArchive, op: OpOptions): Promise<void> {
  const madeAt = keyTime(made.record.manifestKey) ?? 0;
  if (ctx.now() - madeAt > SLOW_MS) await checkStillThere(ctx, id, made, op);
}

async function checkStillThere(ctx: Context, id: string, { keys }: NewArchive, op: OpOptions): Promise<void> {
  for (const key of keys) if (!(await ctx.archives.stat(key, op))) throw busy(id);
}

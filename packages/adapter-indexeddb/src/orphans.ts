/** Deleting content: see `pending-streams.ts`. What is too large to go in one transaction goes in steps. */
import { hasCode } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { deleteSome } from "./content.js";
import type { Database } from "./database.js";
import { hasLocks, ifFree } from "./locks.js";
import { lockOf, orphan } from "./pending-streams.js";
import type { LooseRow, StoreName, Tx } from "./schema.js";

const GRACE_MS = 24 * 60 * 60 * 1000;
const STORES = ["chunks", "loose"] as const;

export interface Orphans {
  /** Deletes content with its name: `unname` takes that out of `store`, and resolves to the content id if there is any. */
  remove(store: StoreName, unname: (tx: Tx) => Promise<number | undefined>, call: Call): Promise<void>;
  /** Deletes content that nothing refers to. Never fails: {@link reclaim} finds what it left. */
  discard(contentId: number): Promise<void>;
  /** Deletes orphaned content, and what writers that are gone had stored. */
  reclaim(call?: Call): Promise<void>;
}

export function orphansIn(db: Database): Orphans {
  /** In a transaction; `true` once nothing is left, and the content off the list. */
  const deleteStep = async (tx: Tx, contentId: number): Promise<boolean> => {
    const isGone = await deleteSome(tx, contentId);
    if (isGone) await tx.objectStore("loose").delete(contentId);
    return isGone;
  };
  const deleteAll = async (contentId: number, call?: Call): Promise<void> => {
    while (!(await db.write(STORES, (tx) => deleteStep(tx, contentId), call)));
  };
  const discard = async (contentId: number): Promise<void> => {
    try {
      // Noted first, so that any tab may go on if this fails half-way. A full store has no space even for that.
      await db.write(["loose"], (tx) => orphan(tx, contentId)).catch(onlyIfFull);
      await deleteAll(contentId);
    } catch {
      // The caller's own result matters more.
    }
  };
  const reclaimOne = async (contentId: number, { owner, seenAt }: LooseRow, call?: Call): Promise<void> => {
    /** `false` if the stream was published, or taken over by another tab. */
    const takeOver = (): Promise<boolean> =>
      db.write(
        ["loose"],
        async (tx) => {
          const row = await tx.objectStore("loose").get(contentId);
          if (row?.owner !== owner) return false;
          await orphan(tx, contentId);
          return true;
        },
        call,
      );
    const isStale = hasLocks() || Math.abs(Date.now() - seenAt) > GRACE_MS;
    const isOrphaned = owner === null || (isStale && (await ifFree(lockOf(db.name, owner), takeOver)));
    if (isOrphaned) await deleteAll(contentId, call);
  };

  return {
    async remove(store, unname, call) {
      const remove = (inSteps: boolean): Promise<number | undefined> =>
        db.write(
          [store, ...STORES],
          async (tx) => {
            const contentId = await unname(tx);
            if (contentId === undefined) return undefined;
            let isGone = await deleteStep(tx, contentId);
            while (!isGone && !inSteps) isGone = await deleteStep(tx, contentId);
            return isGone ? undefined : orphan(tx, contentId);
          },
          call,
        );
      // In a full store all at once: that takes no space to note what is left.
      const rest = await remove(true).catch((error: unknown) => onlyIfFull(error) ?? remove(false));
      if (rest !== undefined) await discard(rest);
    },
    discard,
    async reclaim(call) {
      const list = (tx: Tx) => Promise.all([tx.objectStore("loose").getAllKeys(), tx.objectStore("loose").getAll()]);
      const [contentIds, rows] = await db.read(["loose"], list, call);
      for (const [n, contentId] of contentIds.entries()) {
        const row = rows[n];
        if (row) await reclaimOne(contentId, row, call);
      }
    },
  };
}

function onlyIfFull(error: unknown): undefined {
  if (!hasCode(error, "QUOTA")) throw error;
}

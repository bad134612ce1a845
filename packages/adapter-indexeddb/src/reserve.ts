/**
 * Space that is kept for archiving: rows of noise beside the store's own metadata. An archive needs space before the session's bytes are
 * deleted, so a store that is full to the last byte could never be swept. New live bytes are taken in only once the space stands that
 * archiving the largest blob takes. What archiving writes may use it up; before the next live bytes, it is taken again.
 */
import { ArchiverError, hasCode } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { grow, RESERVE_ROW_BYTES, rowsFor, shrink, sizesIn, standing, storedFor } from "./reserve-rows.js";

export interface Reserve {
  /** Resolves once there is space to archive a blob that grows to this size. `QUOTA`, with nothing changed, if there is too little. */
  ensure(blobBytes: number, addedBytes: number, call: Call): Promise<void>;
  /** Small writes of archiving, which use the space up where they find none. */
  readonly spending: Database;
  /**
   * Stores an archive, with a database whose writes use the space up where they find none. Until it is taken again, one archive at a
   * time is stored, and others are `QUOTA` at once: which comes first decides whether there is space for the next.
   */
  archiving<T>(call: Call, store: (db: Database) => Promise<T>): Promise<T>;
  /** Bytes that are kept now. */
  bytes(): Promise<number>;
}

export function reserveIn(db: Database): Reserve {
  /** Rows that stood when this store last looked. */
  let covered = 0;
  /** Bytes of all blobs and archives, or about as many. */
  let stored = 0;
  let releases = 0;
  /** The space was used up, and not taken again so far. */
  let isSpent = false;
  /** The one archive that is stored meanwhile. */
  let only: symbol | undefined;
  /** No archive was stored since the space could not be taken again. */
  let isHopeless = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One at a time. */
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
  const take = async (blobBytes: number, call: Call): Promise<void> => {
    if (rowsFor(blobBytes, stored) <= covered) return;
    const before = await standing(db);
    // Where some stand, they stood for all that was stored so far.
    const { largest, total } = before > 0 ? { largest: 0, total: storedFor(before) } : await sizesIn(db);
    stored = before > 0 ? Math.max(stored, total) : total + blobBytes;
    const rows = Math.max(before, rowsFor(Math.max(blobBytes, largest), stored));
    try {
      await grow(db, rows);
    } catch (error) {
      if (!hasCode(error, "QUOTA")) throw error;
      await shrink(db, before);
      throw new ArchiverError("QUOTA", refusal(rows * RESERVE_ROW_BYTES), { ...call, cause: error });
    }
    covered = rows;
    isSpent = false;
  };
  /** `false` if there is nothing to give up. */
  const release = async (since: number): Promise<boolean> => {
    if (releases !== since) return true;
    const had = (await standing(db)) > 0;
    if (had) await shrink(db, 0);
    covered = 0;
    if (had) releases++;
    isSpent ||= had;
    return had;
  };
  /** `mayUse` is asked once the space is free. */
  const spending = (mayUse: () => boolean): Database => ({
    ...db,
    async write(stores, work, call) {
      const since = releases;
      try {
        return await db.write(stores, work, call);
      } catch (error) {
        if (!hasCode(error, "QUOTA") || !(await inLine(() => release(since))) || !mayUse()) throw error;
        return db.write(stores, work, call);
      }
    },
  });
  const retake = async (call: Call): Promise<void> => {
    if (!isSpent || only === undefined) return;
    const message = "There is no space for several archives at a time. Nothing was changed.";
    if (isHopeless) throw new ArchiverError("QUOTA", message, call);
    isHopeless = true;
    await take(0, call);
  };

  return {
    async ensure(blobBytes, addedBytes, call) {
      stored += addedBytes;
      if (rowsFor(blobBytes, stored) > covered) await inLine(() => take(blobBytes, call));
    },
    spending: spending(() => true),
    async archiving(call, store) {
      if (isSpent && only !== undefined) await inLine(() => retake(call));
      const one = Symbol();
      const mayUse = (): boolean => {
        only ??= one;
        return only === one;
      };
      try {
        if (isSpent) mayUse();
        return await store(spending(mayUse));
      } finally {
        if (only === one) only = undefined;
        isHopeless = false;
      }
    },
    bytes: async () => RESERVE_ROW_BYTES * (await standing(db)),
  };
}

function refusal(bytes: number): string {
  return `There is no space for new bytes: the last ${bytes} are kept for archiving. Nothing was changed. Archive or delete something, then try again.`;
}

/**
 * Contents that no blob or archive names: pending ones, which are being written, and orphaned ones, whose name was deleted.
 *
 * Naming a content and taking it off this list is one transaction, and so is the reverse. After a crash the list thus
 * holds exactly the contents that were left over, and those that a live process still writes. They differ by their owner (a
 * random token of the open store) and the time of its last sign of life: a store updates that time with every batch that it
 * writes, and by a timer while a body is slow. If the last sign is old, another store first removes the owner in a
 * transaction, and only then deletes the bytes in small steps. An owner that was merely suspended finds its token gone in its
 * next transaction, and gives up with `UNAVAILABLE`; it can't publish a content that has lost bytes.
 * Process ids would prove nothing: two containers that share the file may use the same ones.
 */
import { ArchiverError, randomToken } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Chunks } from "./chunks.js";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import type { Tables } from "./tables.js";

const BEAT_MS = 30_000;
/** Twenty missed beats: the owner is gone, or was suspended. */
const GRACE_MS = 20 * BEAT_MS;

export interface PendingStreams {
  /** In a transaction: gives an id that no content has had. */
  newId(): number;
  /** In a transaction: puts a new content of this store on the list. */
  begin(): number;
  /** In a transaction: notes that this store still writes the content. `UNAVAILABLE` if another store took it for dead. */
  touch(contentId: number): void;
  /** In a transaction: takes the content off the list, as a blob or archive names it now. `UNAVAILABLE` as above. */
  publish(contentId: number): void;
  /**
   * Deletes a content with its name. `unname` removes the name in a transaction, and gives the content, if there was one. A
   * large content is deleted in several steps.
   */
  remove(unname: () => number | undefined, call: Call): Promise<void>;
  /** Gives a sign of life by timer until {@link release}. */
  keepAlive(contentId: number): void;
  release(contentId: number): void;
  /** Deletes a content that nothing names, in small steps. Never fails: {@link collectOrphans} deletes the rest. */
  discard(contentId: number): Promise<void>;
  /** Deletes contents that crashes left over. */
  collectOrphans(call?: Call): Promise<void>;
  /** In a transaction: gives up the contents that this store was writing. */
  disownAll(): void;
}

export function pendingStreams(db: Database, { loose, meta, chunks: rows }: Tables, chunks: Chunks): PendingStreams {
  // Made when first needed: a store that is only read needs no token, and no random numbers.
  let owner: string | undefined;
  const self = (): string => {
    owner ??= randomToken();
    return owner;
  };
  const alive = new Set<number>();
  let timer: NodeJS.Timeout | undefined;

  // Never an id with bytes, even if the counter was set back by hand: two contents would share them.
  const nextId = `UPDATE ${meta} SET value = max(value + 1, (SELECT coalesce(max(stream), 0) + 1 FROM ${rows}))
    WHERE key = 'streams' RETURNING value`;
  const add = `INSERT INTO ${loose} (stream, owner, seen_at) VALUES (?, ?, ?)`;
  const touchOne = `UPDATE ${loose} SET seen_at = ? WHERE stream = ? AND owner = ?`;
  const takeOff = `DELETE FROM ${loose} WHERE stream = ? AND owner = ?`;
  const disown = `UPDATE ${loose} SET owner = NULL WHERE stream = ?`;
  // A clock that was set back must not keep an orphan alive, hence abs().
  const isOrphan = "(owner IS NULL OR (owner <> ? AND abs(seen_at - ?) > ?))";
  const orphans = `SELECT stream FROM ${loose} WHERE ${isOrphan}`;
  const takeOver = `UPDATE ${loose} SET owner = NULL WHERE stream = ? AND ${isOrphan}`;
  const finish = `DELETE FROM ${loose} WHERE stream = ?`;

  const newId = (): number => numberOf(db.sql(nextId).get(), "value");
  const mustBeOurs = (changes: number): void => {
    if (changes === 1) return;
    const message = "This write was given up for dead after a long pause, and its bytes deleted. Start it again.";
    throw new ArchiverError("UNAVAILABLE", message);
  };
  const removeSome = (contentId: number): boolean => {
    const done = chunks.remove(contentId);
    if (done) db.sql(finish).run(contentId);
    return done;
  };
  /** A step need not be durable: the list has the content until the last one. */
  const removeAll = async (contentId: number, call?: Call): Promise<void> => {
    while (!(await db.writeLate(() => removeSome(contentId), call)));
  };
  const discard = async (contentId: number): Promise<void> => {
    try {
      // First, so that any store can continue if this fails half-way.
      await db.write(() => db.sql(disown).run(contentId));
      await removeAll(contentId);
    } catch {
      // The caller's own result is more important.
    }
  };
  const touchAlive = (): void => {
    for (const contentId of alive) db.sql(touchOne).run(Date.now(), contentId, self());
  };
  // A failed beat does no harm: the write's next transaction notices it.
  const beat = (): void => void db.write(touchAlive).catch(() => {});

  return {
    newId,
    begin() {
      const contentId = newId();
      db.sql(add).run(contentId, self(), Date.now());
      return contentId;
    },
    touch: (contentId) => mustBeOurs(db.sql(touchOne).run(Date.now(), contentId, self())),
    publish: (contentId) => mustBeOurs(db.sql(takeOff).run(contentId, self())),
    async remove(unname, call) {
      const rest = await db.write(() => {
        const contentId = unname();
        if (contentId === undefined || chunks.remove(contentId)) return undefined;
        db.sql(add).run(contentId, null, Date.now());
        return contentId;
      }, call);
      if (rest !== undefined) await discard(rest);
    },
    keepAlive(contentId) {
      alive.add(contentId);
      timer ??= setInterval(beat, BEAT_MS).unref();
    },
    release(contentId) {
      alive.delete(contentId);
      if (alive.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    discard,
    async collectOrphans(call) {
      const now = Date.now();
      const found = await db.read(
        () =>
          db
            .sql(orphans)
            .all(self(), now, GRACE_MS)
            .map((row) => numberOf(row, "stream")),
        call,
      );
      for (const contentId of found) {
        const taken = await db.write(() => db.sql(takeOver).run(contentId, self(), now, GRACE_MS), call);
        if (taken === 1) await removeAll(contentId, call);
      }
    },
    disownAll() {
      if (owner !== undefined) db.sql(`UPDATE ${loose} SET owner = NULL WHERE owner = ?`).run(owner);
    },
  };
}

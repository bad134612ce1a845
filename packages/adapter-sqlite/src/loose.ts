/**
 * Streams that no blob and no archive names: those being written, and those whose name was deleted.
 *
 * Naming a stream and taking it off this list is one transaction, and so is the reverse. After a crash the list thus
 * holds exactly the leftovers, and what a live process still writes. The two are told apart by the owner, a random
 * token of the open store, and the time it was last seen: a store touches its streams with every batch it writes and
 * by a timer while a body is slow. Who finds a stream unseen for long takes the owner's name off first, in a transaction
 * of its own, and only then deletes the bytes in small steps. An owner that was merely suspended finds its name gone in
 * its next transaction and gives up with `UNAVAILABLE`; it can't publish a stream that has lost bytes.
 * Process ids prove nothing here: two containers that share the file may have the same ones.
 */
import { randomUUID } from "node:crypto";
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Chunks } from "./chunks.js";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import type { Tables } from "./tables.js";

const BEAT_MS = 30_000;
/** Twenty missed beats: the owner is gone, or was suspended. */
const GRACE_MS = 20 * BEAT_MS;

export interface Loose {
  /** In a transaction: a number no stream has had. */
  number(): number;
  /** In a transaction: puts a new stream of this store on the list. */
  open(): number;
  /** In a transaction: says that this store still writes the stream. `UNAVAILABLE` if it was given up for dead. */
  touch(stream: number): void;
  /** In a transaction: a blob or archive names the stream from now on. `UNAVAILABLE` as above. */
  adopt(stream: number): void;
  /** In a transaction: nothing names the stream any more. `false`: it was too large to go at once, {@link discard} it. */
  retire(stream: number): boolean;
  /** Touches the stream by timer until {@link release}. */
  keep(stream: number): void;
  release(stream: number): void;
  /** Deletes a stream that nothing names, in small steps. Never fails: {@link collect} finds what it left. */
  discard(stream: number): Promise<void>;
  /** Deletes the leftovers of crashes. */
  collect(call?: Call): Promise<void>;
  /** In a transaction: gives up what this store was writing. */
  giveUp(): void;
}

export function looseIn(db: Database, { loose, meta, chunks: rows }: Tables, chunks: Chunks): Loose {
  // Made at the first need: a store that is only read has none, and needs no random numbers.
  let owner: string | undefined;
  const self = (): string => {
    owner ??= randomUUID();
    return owner;
  };
  const kept = new Set<number>();
  let timer: NodeJS.Timeout | undefined;

  // Never one that has bytes, should somebody have set the counter back: two streams would share them.
  const nextNumber = `UPDATE ${meta} SET value = max(value + 1, (SELECT coalesce(max(stream), 0) + 1 FROM ${rows}))
    WHERE key = 'streams' RETURNING value`;
  const add = `INSERT INTO ${loose} (stream, owner, seen_at) VALUES (?, ?, ?)`;
  const touchOne = `UPDATE ${loose} SET seen_at = ? WHERE stream = ? AND owner = ?`;
  const disownAll = `UPDATE ${loose} SET owner = NULL WHERE owner = ?`;
  const takeOff = `DELETE FROM ${loose} WHERE stream = ? AND owner = ?`;
  const disown = `UPDATE ${loose} SET owner = NULL WHERE stream = ?`;
  // A clock that was set back must not keep a leftover for ever, hence abs().
  const isLeftover = "(owner IS NULL OR (owner <> ? AND abs(seen_at - ?) > ?))";
  const leftovers = `SELECT stream FROM ${loose} WHERE ${isLeftover}`;
  const takeOver = `UPDATE ${loose} SET owner = NULL WHERE stream = ? AND ${isLeftover}`;
  const finish = `DELETE FROM ${loose} WHERE stream = ?`;

  const mustBeOurs = (changes: number): void => {
    if (changes === 1) return;
    const message = "This write was given up for dead after a long pause, and its bytes deleted. Start it again.";
    throw new ArchiverError("UNAVAILABLE", message);
  };
  const removeSome = (stream: number): boolean => {
    const done = chunks.remove(stream);
    if (done) db.sql(finish).run(stream);
    return done;
  };
  const removeAll = async (stream: number, call?: Call): Promise<void> => {
    while (!(await db.write(() => removeSome(stream), call)));
  };
  const touchKept = (): void => {
    for (const stream of kept) db.sql(touchOne).run(Date.now(), stream, self());
  };
  // A beat that fails is no loss: the next transaction of the write tells.
  const beat = (): void => void db.write(touchKept).catch(() => {});

  const number = (): number => numberOf(db.sql(nextNumber).get(), "value");
  return {
    number,
    open() {
      const stream = number();
      db.sql(add).run(stream, self(), Date.now());
      return stream;
    },
    touch: (stream) => mustBeOurs(db.sql(touchOne).run(Date.now(), stream, self())),
    adopt: (stream) => mustBeOurs(db.sql(takeOff).run(stream, self())),
    retire(stream) {
      const gone = chunks.remove(stream);
      if (!gone) db.sql(add).run(stream, null, Date.now());
      return gone;
    },
    keep(stream) {
      kept.add(stream);
      timer ??= setInterval(beat, BEAT_MS).unref();
    },
    release(stream) {
      kept.delete(stream);
      if (kept.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
    async discard(stream) {
      try {
        // First, so that anyone may go on if this fails half-way.
        await db.write(() => db.sql(disown).run(stream));
        await removeAll(stream);
      } catch {
        // The caller's own result matters more.
      }
    },
    async collect(call) {
      const now = Date.now();
      const found = await db.read(
        () => [...db.sql(leftovers).iterate(self(), now, GRACE_MS)].map((row) => numberOf(row, "stream")),
        call,
      );
      for (const stream of found) {
        const taken = await db.write(() => db.sql(takeOver).run(stream, self(), now, GRACE_MS), call);
        if (taken === 1) await removeAll(stream, call);
      }
    },
    giveUp() {
      if (owner !== undefined) db.sql(disownAll).run(owner);
    },
  };
}

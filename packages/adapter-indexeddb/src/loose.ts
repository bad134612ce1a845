/**
 * Streams that no blob and no archive names: those being written, and those whose name was deleted.
 *
 * Naming a stream and taking it off this list is one transaction, and so is the reverse. After a crash the list thus
 * holds exactly the leftovers, and what somebody still writes. A writer holds a Web Lock with the name its row gives as
 * the owner; the browser lets go of it when the tab or worker ends, however that happens. Who gets the lock knows that
 * the writer is gone, takes the owner's name off first, in a transaction of its own, and only then deletes the bytes. A
 * writer whose name was taken off finds out in its next transaction and gives up with `UNAVAILABLE`: half a stream is
 * never published. Where there are no Web Locks, a writer counts as gone when it has stored nothing for a day.
 */
import { ArchiverError, hasCode } from "@session-archiver/core/adapter";
import { removeSome } from "./chunks.js";
import type { Call, Database } from "./database.js";
import { hasLocks, hold, ifFree } from "./locks.js";
import { randomToken } from "./random.js";
import type { LooseRow, StoreName, Tx } from "./schema.js";

const GRACE_MS = 24 * 60 * 60 * 1000;

/** Somebody who writes one stream. */
export interface Writer {
  readonly owner: string;
  release(): void;
}

export interface Loose {
  /** Starts a write; it counts as alive until its release. */
  writer(): Promise<Writer>;
  /** In a transaction: a number no stream has had. */
  number(tx: Tx): Promise<number>;
  /** In a transaction: puts a new stream on the list. */
  open(tx: Tx, owner: string): Promise<number>;
  /** In a transaction: says that the owner still writes the stream. `UNAVAILABLE` if it was given up for dead. */
  touch(tx: Tx, stream: number, owner: string): Promise<void>;
  /** In a transaction: a blob or archive names the stream from now on. `UNAVAILABLE` as above. */
  adopt(tx: Tx, stream: number, owner: string): Promise<void>;
  /**
   * Deletes a stream with its name: `unname` takes that out of `store`, in the transaction, and says which stream it was,
   * if any. What is too large to go at once goes in steps.
   */
  remove(store: StoreName, unname: (tx: Tx) => Promise<number | undefined>, call: Call): Promise<void>;
  /** Deletes a stream that nothing names, in steps. Never fails: {@link collect} finds what it left. */
  discard(stream: number): Promise<void>;
  /** Deletes the leftovers of crashes. */
  collect(call?: Call): Promise<void>;
}

const STORES = ["chunks", "loose"] as const;

export function looseIn(db: Database, name: string): Loose {
  const lockOf = (owner: string): string => `session-archiver:${name}:writer:${owner}`;

  const open = (tx: Tx, owner: string): Promise<number> => tx.objectStore("loose").add({ owner, seenAt: Date.now() });
  const mustBeOurs = async (tx: Tx, stream: number, owner: string): Promise<void> => {
    const row = await tx.objectStore("loose").get(stream);
    if (row?.owner === owner) return;
    const message = "This write was given up for dead after a long pause, and its bytes deleted. Start it again.";
    throw new ArchiverError("UNAVAILABLE", message);
  };
  const put = async (tx: Tx, stream: number, owner: string | null): Promise<void> => {
    await tx.objectStore("loose").put({ owner, seenAt: Date.now() }, stream);
  };
  /** In a transaction; `true` once nothing is left, and the stream off the list. */
  const removeStep = async (tx: Tx, stream: number): Promise<boolean> => {
    const isGone = await removeSome(tx, stream);
    if (isGone) await tx.objectStore("loose").delete(stream);
    return isGone;
  };
  const removeAll = async (stream: number, call?: Call): Promise<void> => {
    while (!(await db.write(STORES, (tx) => removeStep(tx, stream), call)));
  };
  const discard = async (stream: number): Promise<void> => {
    try {
      // First, so that anyone may go on if this fails half-way. A full store has no space even for that.
      await db.write(["loose"], (tx) => put(tx, stream, null)).catch(onlyIfFull);
      await removeAll(stream);
    } catch {
      // The caller's own result matters more.
    }
  };
  /** In a transaction of its own; `false` if the stream was published or taken over meanwhile. */
  const takeOver = async (stream: number, owner: string | null, call?: Call): Promise<boolean> =>
    db.write(
      ["loose"],
      async (tx) => {
        const row = await tx.objectStore("loose").get(stream);
        if (row?.owner !== owner) return false;
        await put(tx, stream, null);
        return true;
      },
      call,
    );
  const collectOne = async (stream: number, { owner, seenAt }: LooseRow, call?: Call): Promise<void> => {
    const take = async (): Promise<boolean> => takeOver(stream, owner, call);
    const isStale = owner === null || hasLocks() || Math.abs(Date.now() - seenAt) > GRACE_MS;
    const isTaken = isStale && (owner === null ? await take() : await ifFree(lockOf(owner), take));
    if (isTaken) await removeAll(stream, call);
  };

  return {
    async writer() {
      const owner = randomToken();
      return { owner, release: await hold(lockOf(owner)) };
    },
    async number(tx) {
      const stream = await open(tx, "");
      await tx.objectStore("loose").delete(stream);
      return stream;
    },
    open,
    async touch(tx, stream, owner) {
      await mustBeOurs(tx, stream, owner);
      await put(tx, stream, owner);
    },
    async adopt(tx, stream, owner) {
      await mustBeOurs(tx, stream, owner);
      await tx.objectStore("loose").delete(stream);
    },
    async remove(store, unname, call) {
      const remove = (inSteps: boolean): Promise<number | undefined> =>
        db.write(
          [store, ...STORES],
          async (tx) => {
            const stream = await unname(tx);
            if (stream === undefined) return undefined;
            let isGone = await removeStep(tx, stream);
            while (!isGone && !inSteps) isGone = await removeStep(tx, stream);
            if (isGone) return undefined;
            await put(tx, stream, null);
            return stream;
          },
          call,
        );
      // All at once takes no space to note what is left.
      const rest = await remove(true).catch((error: unknown) => onlyIfFull(error) ?? remove(false));
      if (rest !== undefined) await discard(rest);
    },
    discard,
    async collect(call) {
      const found = await db.read(
        ["loose"],
        async (tx) => {
          const rows = tx.objectStore("loose");
          const [streams, values] = await Promise.all([rows.getAllKeys(), rows.getAll()]);
          return streams.flatMap((stream, n) => {
            const row = values[n];
            return row ? [{ stream, row }] : [];
          });
        },
        call,
      );
      for (const { stream, row } of found) await collectOne(stream, row, call);
    },
  };
}

function onlyIfFull(error: unknown): undefined {
  if (!hasCode(error, "QUOTA")) throw error;
}

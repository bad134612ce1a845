/** Writing content from a stream that may be long and slow: invisible until its last transaction names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { headOf, insertBytes, ROW_BYTES } from "./content.js";
import type { Database } from "./database.js";
import type { Orphans } from "./orphans.js";
import { keepPending, publish, startWriter, type Writer } from "./pending-streams.js";
import type { ContentHead, StoreName, Tx } from "./schema.js";

/** Rows in one transaction: many save flushes, few save memory. One such batch is stored while the next is filled. */
const BATCH_ROWS = 4;

/** The blob or archive that a stream becomes. */
export interface Target<T> {
  readonly store: StoreName;
  /** Rejects if content of this size can't be taken in. Called before it is named. */
  admit?(size: number): Promise<void>;
  /** Throws if it can't be made. Called before anything is stored, and again in the last transaction. */
  refuse(tx: Tx): Promise<void>;
  /** Names the content, in the transaction that stores the last of it. */
  name(tx: Tx, head: ContentHead): Promise<T>;
}

/**
 * Stores a body that comes in fresh rows of {@link ROW_BYTES}. A body of one batch takes a single transaction. On any
 * failure nothing is left.
 */
export type StreamWriter = <T>(body: Bytes, call: Call, target: Target<T>) => Promise<T>;

export function streamWriter(db: Database, orphans: Orphans): StreamWriter {
  return async (body, call, { store, admit, refuse, name }) => {
    let writer: Writer | undefined;
    let contentId: number | undefined;
    /** Stored bytes. */
    let size = 0;
    let batch: Uint8Array[] = [];
    let storing: Promise<void> = Promise.resolve();

    const insertAll = async (tx: Tx, into: number, rows: readonly Uint8Array[]): Promise<number> => {
      await Promise.all(rows.map((row, n) => insertBytes(tx, into, size + n * ROW_BYTES, row)));
      return size + lengthOf(rows);
    };
    const storeBatch = async (rows: readonly Uint8Array[]): Promise<void> => {
      if (!writer) await db.read([store], refuse, call);
      writer ??= await startWriter(db.name);
      const { owner } = writer;
      const work = async (tx: Tx): Promise<readonly [number, number]> => {
        const into = await keepPending(tx, contentId, owner);
        return [into, await insertAll(tx, into, rows)];
      };
      [contentId, size] = await db.write(["chunks", "loose"], work, { ...call, bytes: lengthOf(rows) });
      // Given back at once: garbage of this size is not found before there is much of it.
      for (const { buffer } of rows) (buffer as ArrayBuffer).transfer?.(0);
    };
    const finish = async (tx: Tx): ReturnType<typeof name> => {
      await refuse(tx);
      const into = await publish(tx, contentId, writer?.owner ?? "");
      return name(tx, headOf(into, await insertAll(tx, into, batch)));
    };

    try {
      for await (const row of body) {
        if (batch.length === BATCH_ROWS) {
          await storing;
          storing = storeBatch(batch);
          storing.catch(() => {}); // awaited before the next one
          batch = [];
        }
        batch.push(row);
      }
      await storing;
      await admit?.(size + lengthOf(batch));
      return await db.write([store, "chunks", "loose"], finish, { ...call, bytes: lengthOf(batch) });
    } catch (error) {
      await storing.catch(() => {});
      if (contentId !== undefined) await orphans.discard(contentId);
      throw error;
    } finally {
      writer?.release();
    }
  };
}

function lengthOf(rows: readonly Uint8Array[]): number {
  return rows.reduce((sum, row) => sum + row.length, 0);
}

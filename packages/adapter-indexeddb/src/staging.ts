/** Writing a stream from a body that may be long and slow: invisible until its last transaction names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { headOf, insertBytes, PIECE } from "./chunks.js";
import type { Database } from "./database.js";
import type { Loose, Writer } from "./loose.js";
import type { StoreName, StreamHead, Tx } from "./schema.js";

/** Rows in one transaction: many save flushes, few save memory. One such batch is stored while the next is filled. */
const BATCH_ROWS = 4;

/** The blob or archive that a stream becomes. */
export interface Target<T> {
  readonly store: StoreName;
  /** Throws if it can't be made. Asked before anything is staged, and again in the last transaction. */
  refuse(tx: Tx): Promise<void>;
  /** Names the stream, in the transaction that stores the last of it. */
  publish(tx: Tx, head: StreamHead): Promise<T>;
}

/**
 * Stores `body`, which comes in fresh rows of {@link PIECE} bytes. A body of one batch takes a single transaction. On any
 * failure nothing is left.
 */
export type StreamWriter = <T>(body: Bytes, call: Call, target: Target<T>) => Promise<T>;

export function streamWriter(db: Database, loose: Loose): StreamWriter {
  return async (body, call, { store, refuse, publish }) => {
    let writer: Writer | undefined;
    let stream: number | undefined;
    /** Stored bytes. */
    let size = 0;
    let batch: Uint8Array[] = [];
    let staging: Promise<void> = Promise.resolve();

    const insertAll = async (tx: Tx, into: number, rows: readonly Uint8Array[]): Promise<number> => {
      await Promise.all(rows.map((row, n) => insertBytes(tx, into, size + n * PIECE, row)));
      return size + lengthOf(rows);
    };
    const stage = async (rows: readonly Uint8Array[]): Promise<void> => {
      if (!writer) await db.read([store], refuse, call);
      writer ??= await loose.writer();
      const { owner } = writer;
      const stageIn = async (tx: Tx): Promise<readonly [number, number]> => {
        const into = stream ?? (await loose.open(tx, owner));
        if (stream !== undefined) await loose.touch(tx, stream, owner);
        return [into, await insertAll(tx, into, rows)];
      };
      [stream, size] = await db.write(["chunks", "loose"], stageIn, { ...call, bytes: lengthOf(rows) });
      // Given back at once: garbage of this size is not found before there is much of it.
      for (const { buffer } of rows) (buffer as ArrayBuffer).transfer?.(0);
    };
    const finish = async (tx: Tx): Promise<StreamHead> => {
      if (stream !== undefined && writer) await loose.adopt(tx, stream, writer.owner);
      const into = stream ?? (await loose.number(tx));
      return headOf(into, await insertAll(tx, into, batch));
    };

    try {
      for await (const row of body) {
        if (batch.length === BATCH_ROWS) {
          await staging;
          staging = stage(batch);
          staging.catch(() => {}); // awaited before the next one
          batch = [];
        }
        batch.push(row);
      }
      await staging;
      const last = async (tx: Tx): ReturnType<typeof publish> => {
        await refuse(tx);
        return publish(tx, await finish(tx));
      };
      return await db.write([store, "chunks", "loose"], last, { ...call, bytes: lengthOf(batch) });
    } catch (error) {
      await staging.catch(() => {});
      if (stream !== undefined) await loose.discard(stream);
      throw error;
    } finally {
      writer?.release();
    }
  };
}

function lengthOf(rows: readonly Uint8Array[]): number {
  return rows.reduce((sum, row) => sum + row.length, 0);
}

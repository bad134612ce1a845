/** Writing a stream from a body that may be long and slow: invisible until its last transaction names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import { headOf, insertBytes, PIECE } from "./chunks.js";
import type { Call, Database } from "./database.js";
import type { Loose, Writer } from "./loose.js";
import { piecesOf } from "./pieces.js";
import type { StoreName, StreamHead, Tx } from "./schema.js";

/** Pieces in one transaction: many save flushes, few save memory. One such batch is stored while the next is filled. */
const BATCH_PIECES = 4;

/**
 * Stores `body` as a stream; `publish` names it in `store`, in the transaction that stores the last of it. `refuse` throws
 * if that can't be; it is asked there, and before anything is staged. A body of one batch takes a single transaction. On any
 * failure nothing is left.
 */
export type StreamWriter = <T>(
  body: Bytes,
  call: Call,
  store: StoreName,
  refuse: (tx: Tx) => Promise<void>,
  publish: (tx: Tx, head: StreamHead) => Promise<T>,
) => Promise<T>;

export function streamWriter(db: Database, loose: Loose): StreamWriter {
  return async (body, call, store, refuse, publish) => {
    let writer: Writer | undefined;
    let stream: number | undefined;
    /** Stored bytes. */
    let size = 0;
    let batch: Uint8Array[] = [];
    let staging: Promise<void> = Promise.resolve();

    const insertAll = async (tx: Tx, into: number, pieces: readonly Uint8Array[]): Promise<number> => {
      await Promise.all(pieces.map((piece, n) => insertBytes(tx, into, size + n * PIECE, piece)));
      return size + lengthOf(pieces);
    };
    const stage = async (pieces: readonly Uint8Array[]): Promise<void> => {
      if (!writer) await db.read([store], refuse, call);
      writer ??= await loose.writer();
      const { owner } = writer;
      const stageIn = async (tx: Tx): Promise<readonly [number, number]> => {
        const into = stream ?? (await loose.open(tx, owner));
        if (stream !== undefined) await loose.touch(tx, stream, owner);
        return [into, await insertAll(tx, into, pieces)];
      };
      [stream, size] = await db.write(["chunks", "loose"], stageIn, { ...call, bytes: lengthOf(pieces) });
      // Given back at once: garbage of this size is not found before there is much of it.
      for (const { buffer } of pieces) (buffer as ArrayBuffer).transfer?.(0);
    };
    const finish = async (tx: Tx): Promise<StreamHead> => {
      if (stream !== undefined && writer) await loose.adopt(tx, stream, writer.owner);
      const into = stream ?? (await loose.number(tx));
      return headOf(into, await insertAll(tx, into, batch));
    };

    try {
      for await (const piece of piecesOf(body, PIECE, call)) {
        if (batch.length === BATCH_PIECES) {
          await staging;
          staging = stage(batch);
          staging.catch(() => {}); // awaited before the next one
          batch = [];
        }
        batch.push(piece);
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

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Writing a stream from a body that may be long and slow: invisible until its last transaction names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { type Chunks, PIECE } from "./chunks.js";
import type { Database } from "./database.js";
import type { Loose } from "./loose.js";
import { piecesOf } from "./pieces.js";

/** Pieces in one transaction: 2 MiB, some 10 ms with its share of the checkpoint. */
const BATCH_PIECES = 16;

/**
 * Stores `body` as a stream; `publish` names it, in the transaction that stores the last of it, and may throw to refuse.
 * A body of up to 2 MiB takes a single transaction. On any failure nothing is left.
 */
export type StreamWriter = <T>(body: Bytes, call: Call, publish: (stream: number, size: number) => T) => Promise<T>;

export function streamWriter(db: Database, chunks: Chunks, loose: Loose): StreamWriter {
  return async (body, call, publish) => {
    let stream: number | undefined;
    let size = 0;
    let batch: Uint8Array[] = [];

    /** In a transaction; the new size. */
    const insertBatch = (into: number): number => {
      let at = size;
      for (const piece of batch) {
        chunks.insert(into, at, piece);
        at += piece.length;
      }
      return at;
    };
    const stageBatch = (): { stream: number; size: number } => {
      if (stream !== undefined) loose.touch(stream);
      const into = stream ?? loose.open();
      return { stream: into, size: insertBatch(into) };
    };
    const finish = <T>(name: (stream: number, size: number) => T): T => {
      if (stream !== undefined) loose.adopt(stream);
      const into = stream ?? loose.number();
      return name(into, insertBatch(into));
    };

    try {
      for await (const piece of piecesOf(body, PIECE, call)) {
        if (batch.length === BATCH_PIECES) {
          ({ stream, size } = await db.write(stageBatch, call));
          loose.keep(stream);
          batch = [];
        }
        batch.push(piece);
      }
      return await db.write(() => finish(publish), call);
    } catch (error) {
      if (stream !== undefined) await loose.discard(stream);
      throw error;
    } finally {
      if (stream !== undefined) loose.release(stream);
    }
  };
}

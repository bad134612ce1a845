/** Writes a content from a body that may be long and slow. It is invisible until its last transaction names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Chunks } from "./chunks.js";
import type { Database } from "./database.js";
import type { PendingStreams } from "./pending-streams.js";

/** Rows in one transaction: 2 MiB, some 10 ms with its share of the checkpoint. */
const BATCH_ROWS = 16;

/**
 * Stores `body`, which comes in rows, as a content. `publish` names it, in the transaction that stores its last row, and may
 * throw to refuse. A body of up to 2 MiB takes a single transaction. After any failure nothing is left.
 */
export type StreamWriter = <T>(body: Bytes, call: Call, publish: (contentId: number, size: number) => T) => Promise<T>;

export function streamWriter(db: Database, chunks: Chunks, pending: PendingStreams): StreamWriter {
  return async (body, call, publish) => {
    let contentId: number | undefined;
    let size = 0;
    let batch: Uint8Array[] = [];

    /** In a transaction. Gives the new size. */
    const insertBatch = (into: number): number => {
      let at = size;
      for (const row of batch) {
        chunks.insert(into, at, row);
        at += row.length;
      }
      return at;
    };
    const storeBatch = (): readonly [contentId: number, size: number] => {
      if (contentId !== undefined) pending.touch(contentId);
      const into = contentId ?? pending.begin();
      return [into, insertBatch(into)];
    };
    const finish = (): ReturnType<typeof publish> => {
      if (contentId !== undefined) pending.publish(contentId);
      const into = contentId ?? pending.newId();
      return publish(into, insertBatch(into));
    };

    try {
      for await (const row of body) {
        if (batch.length === BATCH_ROWS) {
          [contentId, size] = await db.write(storeBatch, call);
          pending.keepAlive(contentId);
          batch = [];
        }
        batch.push(row);
      }
      return await db.write(finish, call);
    } catch (error) {
      if (contentId !== undefined) await pending.discard(contentId);
      throw error;
    } finally {
      if (contentId !== undefined) pending.release(contentId);
    }
  };
}

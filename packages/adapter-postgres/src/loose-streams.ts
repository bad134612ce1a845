/**
 * Streams of bytes that no blob or archive names: those that are being written in several statements, and those that have lost their name.
 *
 * Naming a stream and taking it off this list is one statement, and so is the reverse. A writer gives a sign of life every 30
 * seconds, by the server's clock. If the last one is old, a collector first marks the stream as taken, and only then deletes its
 * bytes in small steps. A writer that was merely suspended finds the mark in its next statement, and gives up with `UNAVAILABLE`: it
 * can't name a stream that has lost bytes. Each of its statements holds a share of the row until it is committed, so no bytes come
 * after the mark.
 */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { Parameters } from "./parameters.js";
import { countOf, textIn } from "./rows.js";
import type { Tables } from "./tables.js";

const BEAT_MS = 30_000;
/** Twenty missed signs: the writer is gone, or was suspended. */
const GRACE = "interval '10 minutes'";
/** Rows deleted by one statement: 64 MiB if they are full. */
const DELETE_ROWS = 256;

export interface LooseStreams {
  /** Gives signs of life for the stream until the returned function is called. */
  keepAlive(stream: string): () => void;
  /** Deletes a stream if nothing names it, in steps. Never fails: {@link collect} deletes the rest. */
  discard(stream: string): Promise<void>;
  /** Deletes what crashes and large deletes left over, with at most this many statements. Resolves to how many streams are gone. */
  collect(call?: Call, most?: number): Promise<number>;
}

/** Of a writer whose stream was taken. */
export function givenUp(): ArchiverError {
  const message = "This write was given up for dead after a long pause, and its bytes deleted. Start it again.";
  return new ArchiverError("UNAVAILABLE", message);
}

export function looseStreams(db: Database, { loose, blobChunks, archiveChunks }: Tables): LooseStreams {
  /** `true` once no row is left. */
  const removeSome = async (stream: string, table: string, call?: Call): Promise<boolean> => {
    const p = new Parameters();
    const id = p.uuid(stream);
    const some = `SELECT end_at FROM ${table} WHERE stream = ${id} ORDER BY end_at LIMIT ${DELETE_ROWS}`;
    const [row] = await db.query(
      `WITH gone AS (DELETE FROM ${table} WHERE stream = ${id} AND end_at IN (${some}) RETURNING 1)
       SELECT count(*)::int AS n FROM gone`,
      p,
      call,
    );
    return countOf(row, "n") < DELETE_ROWS;
  };
  const take = (which: string, p: Parameters, call?: Call) =>
    db.query(`UPDATE ${loose} SET taken = true WHERE ${which} RETURNING stream::text AS stream, archive`, p, call);
  const forget = async (stream: string, call?: Call): Promise<void> => {
    const p = new Parameters();
    await db.query(`DELETE FROM ${loose} WHERE stream = ${p.uuid(stream)}`, p, call);
  };
  /** Deletes taken streams. Gives how many are gone before there were `most` statements. */
  const removeAll = async (
    taken: readonly Readonly<Record<string, unknown>>[],
    most: number,
    call?: Call,
  ): Promise<number> => {
    let left = most;
    let gone = 0;
    for (const row of taken) {
      const table = row["archive"] === true ? archiveChunks : blobChunks;
      const stream = textIn(row, "stream");
      for (let isEmpty = false; !isEmpty; left--) {
        if (left <= 0) return gone;
        isEmpty = await removeSome(stream, table, call);
      }
      await forget(stream, call);
      gone++;
    }
    return gone;
  };

  return {
    keepAlive(stream) {
      const beat = async (): Promise<void> => {
        const p = new Parameters();
        await db.query(`UPDATE ${loose} SET seen_at = clock_timestamp() WHERE stream = ${p.uuid(stream)}`, p);
      };
      // A failed beat does no harm: the write's next statement notices it.
      const timer = setInterval(() => void beat().catch(() => {}), BEAT_MS).unref();
      return () => clearInterval(timer);
    },
    async discard(stream) {
      try {
        const p = new Parameters();
        await removeAll(await take(`stream = ${p.uuid(stream)}`, p), Number.POSITIVE_INFINITY);
      } catch {
        // The caller's own result is more important.
      }
    },
    async collect(call, most = Number.POSITIVE_INFINITY) {
      const taken = await take(`taken OR seen_at < clock_timestamp() - ${GRACE}`, new Parameters(), call);
      return removeAll(taken, most, call);
    },
  };
}

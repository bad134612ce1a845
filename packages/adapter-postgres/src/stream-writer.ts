/** Writes a stream from a body that may be long and slow. It is invisible until the statement that names it. */
import type { Bytes } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { insertRows, ROW_BYTES, valuesOf } from "./chunks.js";
import type { Database } from "./database.js";
import { givenUp, type LooseStreams } from "./loose-streams.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { newStreamId } from "./stream-id.js";
import type { Tables } from "./tables.js";

/** Rows in one statement: 512 KiB. With more, `pg` leaves that much more garbage behind, and is no faster. A body that is no longer is stored by a single one. */
const BATCH_ROWS: number = (512 * 1024) / ROW_BYTES;
/** Statements under way at a time: while the disk is waited for, the next bytes come. */
const IN_FLIGHT = 2;

/** What is particular to blobs, and to archives. */
export interface Heads {
  readonly table: string;
  readonly chunks: string;
  /** What is read of a row, beside its stream. */
  readonly columns: string;
  readonly isArchive: boolean;
}

/** The row that gives a stream its name. */
export interface Naming {
  /** SHA-256 of these is the row's `k`. */
  readonly key: Uint8Array;
  /** Its other columns, as text for the statement. */
  columns(p: Parameters, size: number): Readonly<Record<string, string>>;
  /** Of a name that is taken. */
  exists(): Error;
}

/**
 * Stores `body`, which comes in rows, and names it. Resolves to the size, and to the named row. Throws as `exists` says, before much of the
 * body was read or in the end. After any failure nothing is visible.
 */
export async function writeStream(
  db: Database,
  { loose }: Tables,
  streams: LooseStreams,
  heads: Heads,
  naming: Naming,
  body: Bytes,
  call: Call,
): Promise<{ readonly size: number; readonly row: Row }> {
  const stream = newStreamId();
  const pending = new Set<Promise<unknown>>();
  let stop: (() => void) | undefined;
  let size = 0;
  let batch: Uint8Array[] = [];

  /** The first batch of a long body: notes the stream, unless its name is taken. */
  const begin = async (): Promise<void> => {
    const p = new Parameters();
    const rows = await db.query(
      `WITH mine AS (
         INSERT INTO ${loose} (stream, archive) SELECT ${p.uuid(stream)}, ${p.boolean(heads.isArchive)}
         WHERE NOT EXISTS (SELECT FROM ${heads.table} WHERE k = sha256(${p.bytes(naming.key)})) RETURNING stream
       ), added AS (${insertRows(heads.chunks, "mine", valuesOf(p, size, batch))})
       SELECT 1 FROM mine`,
      p,
      call,
    );
    if (rows.length === 0) throw naming.exists();
  };
  const addBatch = async (at: number, added: readonly Uint8Array[]): Promise<void> => {
    const p = new Parameters();
    const rows = await db.query(
      `WITH mine AS (SELECT stream FROM ${loose} WHERE stream = ${p.uuid(stream)} AND NOT taken FOR SHARE),
       added AS (${insertRows(heads.chunks, "mine", valuesOf(p, at, added))})
       SELECT 1 FROM mine`,
      p,
      call,
    );
    if (rows.length === 0) throw givenUp();
  };
  const storeBatch = async (): Promise<void> => {
    if (stop) {
      while (pending.size >= IN_FLIGHT) await Promise.race(pending);
      const adding = addBatch(size, batch);
      pending.add(adding);
      // Removed only if it succeeds: the one that failed is met again, here or at the end.
      adding.then(
        () => pending.delete(adding),
        () => {},
      );
    } else {
      // From here on, something may be left over: also if the answer is lost.
      stop = streams.keepAlive(stream);
      await begin();
    }
    for (const row of batch) size += row.length;
    batch = [];
  };
  const finish = async (): Promise<{ readonly size: number; readonly row: Row }> => {
    await Promise.all(pending);
    const whole = batch.reduce((sum, row) => sum + row.length, size);
    const p = new Parameters();
    const mine = stop
      ? `SELECT stream FROM ${loose} WHERE stream = ${p.uuid(stream)} AND NOT taken FOR UPDATE`
      : `SELECT ${p.uuid(stream)} AS stream`;
    const columns = naming.columns(p, whole);
    const [row] = await db.query(
      `WITH mine AS (${mine}),
       named AS (
         INSERT INTO ${heads.table} (k, stream, ${Object.keys(columns).join(", ")})
         SELECT sha256(${p.bytes(naming.key)}), stream, ${Object.values(columns).join(", ")} FROM mine
         ON CONFLICT (k) DO NOTHING RETURNING stream, ${heads.columns}
       ),
       taken_off AS (DELETE FROM ${loose} WHERE stream IN (SELECT stream FROM named)),
       added AS (${insertRows(heads.chunks, "named", valuesOf(p, size, batch))})
       SELECT named.*, (SELECT count(*) FROM mine)::int AS mine FROM (SELECT 1) AS always LEFT JOIN named ON true`,
      p,
      call,
    );
    if (row?.["mine"] !== 1) throw givenUp();
    if (row["stream"] === null) throw naming.exists();
    return { size: whole, row };
  };

  try {
    for await (const row of body) {
      if (batch.length === BATCH_ROWS) await storeBatch();
      batch.push(row);
    }
    return await finish();
  } catch (error) {
    if (stop) {
      await Promise.allSettled(pending);
      await streams.discard(stream);
    }
    throw error;
  } finally {
    stop?.();
  }
}

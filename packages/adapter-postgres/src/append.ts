/** Appends: small ones in groups, and those that fold a blob's small rows, or are large, alone. */
import {
  ArchiverError,
  type BlobHead,
  type BlobKey,
  type BlobRef,
  requireExactly,
} from "@session-archiver/core/adapter";
import { AppendGroups } from "./append-groups.js";
import type { Call } from "./call.js";
import { FOLD_BYTES, ROW_BYTES } from "./chunks.js";
import type { Database } from "./database.js";
import { isIncomplete } from "./failure.js";
import { isExactly } from "./keys.js";
import { Parameters } from "./parameters.js";
import type { Tables } from "./tables.js";

export type Appender = (at: BlobRef, chunk: Uint8Array, call: Call) => Promise<void>;

export function appender(
  db: Database,
  tables: Tables,
  find: (key: BlobKey, call: Call) => Promise<BlobHead | undefined>,
): Appender {
  const groups = new AppendGroups(db, tables);

  return async (at, chunk, call) => {
    if (chunk.length === 0) {
      requireExactly(await find(at.key, call), at);
      return;
    }
    // A copy: drivers read it when the statement is sent, and the caller may have given up waiting by then.
    const bytes = chunk.slice();
    if (bytes.length < FOLD_BYTES && (await groups.add(at, bytes, call))) return;
    for (let hasFailed = false; ; ) {
      try {
        if (await fold(db, tables, at, bytes, call)) return;
      } catch (error) {
        if (!isIncomplete((error as Error).cause)) throw error;
        // Twice, and nobody has changed it between: then rows are missing.
        if (hasFailed) throw missing(at, error);
        hasFailed = true;
      }
      requireExactly(await find(at.key, call), at);
    }
  };
}

function missing({ key, size }: BlobRef, cause: unknown): ArchiverError {
  const message = `Stored bytes are missing before offset ${size}. Restore a backup.`;
  return new ArchiverError("CORRUPT", message, { id: key.id, key: key.name, cause });
}

/**
 * Joins the blob's small rows and the beginning of `bytes` in one row. `false` if the blob is not exactly `at`.
 *
 * If the statement waited for another that has changed the blob's row, it sees that row as it is now, but the small rows as they were. Then
 * they don't add up: the row's bytes are NULL, which the table refuses, and nothing is changed.
 */
async function fold(db: Database, t: Tables, at: BlobRef, bytes: Uint8Array, call: Call): Promise<boolean> {
  const p = new Parameters();
  const rows: string[] = [];
  for (let from = 0; from < bytes.length; from += ROW_BYTES) {
    const row = bytes.subarray(from, from + ROW_BYTES);
    rows.push(`(${p.count(at.size + from + row.length)}, ${p.bytes(row)}, ${from === 0})`);
  }
  const size = p.count(at.size + bytes.length);
  const found = await db.query(
    `WITH old AS (SELECT k, stream, sealed, size FROM ${t.blobs} WHERE ${isExactly(p, at)} FOR UPDATE),
     tail AS (
       DELETE FROM ${t.blobChunks} AS c USING old WHERE c.stream = old.stream AND c.end_at > old.sealed
       RETURNING c.end_at, c.bytes
     ),
     folded AS (SELECT coalesce(string_agg(bytes, ''::bytea ORDER BY end_at), ''::bytea) AS bytes FROM tail),
     head AS (UPDATE ${t.blobs} AS b SET size = ${size}, sealed = ${size}, tail_rows = 0 FROM old WHERE b.k = old.k),
     added AS (
       INSERT INTO ${t.blobChunks} (stream, end_at, bytes)
       SELECT old.stream, v.end_at, CASE
         WHEN NOT v.is_first THEN v.bytes
         WHEN octet_length(folded.bytes) = old.size - old.sealed THEN folded.bytes || v.bytes
       END
       FROM old, folded, (VALUES ${rows.join(", ")}) AS v (end_at, bytes, is_first)
     )
     SELECT 1 FROM old`,
    p,
    call,
  );
  return found.length === 1;
}

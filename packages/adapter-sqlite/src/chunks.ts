/**
 * Bytes, as rows keyed by their content's id and by their end offset: the row that holds byte n is then the first with
 * `end_at > n`, whatever the rows' sizes. A blob or an archive names its content by the id, which the tables call `stream`.
 * All functions run inside the caller's transaction.
 */
import { ArchiverError, concat } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { blobOf, numberOf } from "./driver.js";
import type { Tables } from "./tables.js";

/** The longest row. Larger ones would not be faster to write or read; this size keeps a range read under 0.1 ms. */
export const ROW_BYTES: number = 128 * 1024;
/** Bytes that one read transaction returns, if there are enough; it may exceed this by one row. */
const PAGE_BYTES = 512 * 1024;
/** Rows that hold a page if they are full, and two that aren't. */
const FEW_ROWS = PAGE_BYTES / ROW_BYTES + 2;
/** Rows deleted in one transaction: 16 MiB if they are full. */
const DELETE_ROWS = 128;

export interface Chunks {
  /** Stores `bytes` in rows, from offset `at` on. No bytes may be there yet. */
  insert(contentId: number, at: number, bytes: Uint8Array): void;
  /**
   * Reads bytes from `from` on, in pieces: at least one byte if `from < end`, none beyond `end`. `CORRUPT` if some are missing.
   */
  page(contentId: number, from: number, end: number): readonly Uint8Array[];
  /** Removes the rows after `from`, and returns their bytes up to `end`. */
  take(contentId: number, from: number, end: number): Uint8Array[];
  /** Deletes some rows; `true` once none is left. */
  remove(contentId: number): boolean;
}

export function chunksIn(db: Database, { chunks }: Tables): Chunks {
  const insertRow = `INSERT INTO ${chunks} (stream, end_at, bytes) VALUES (?, ?, ?)`;
  const rowsBehind = `SELECT end_at, bytes FROM ${chunks} WHERE stream = ? AND end_at > ? ORDER BY end_at`;
  const deleteBehind = `DELETE FROM ${chunks} WHERE stream = ? AND end_at > ?`;
  const deleteSome = `DELETE FROM ${chunks}
    WHERE chunk IN (SELECT chunk FROM ${chunks} WHERE stream = ? ORDER BY end_at LIMIT ${DELETE_ROWS})`;

  /** The bytes `[from, end)`, or at least the first `wanted` of them, row by row. */
  const parts = (contentId: number, from: number, end: number, wanted: number): Uint8Array[] => {
    const found: Uint8Array[] = [];
    let at = from;
    if (at === end) return found;
    for (const row of db.sql(rowsBehind).iterate(contentId, from)) {
      const bytes = blobOf(row, "bytes");
      const rowEnd = numberOf(row, "end_at");
      const rowStart = rowEnd - bytes.length;
      // Only the first row may begin before `from`.
      if (rowStart > at || (rowStart < at && at > from)) break;
      found.push(bytes.subarray(at - rowStart, end - rowStart));
      at = Math.min(rowEnd, end);
      if (at === end || at - from >= wanted) return found;
    }
    throw new ArchiverError("CORRUPT", `Stored bytes are missing at offset ${at}. Restore a backup.`);
  };

  return {
    insert(contentId, at, bytes) {
      for (let from = 0; from < bytes.length; from += ROW_BYTES) {
        const row = bytes.subarray(from, from + ROW_BYTES);
        db.sql(insertRow).run(contentId, at + from + row.length, row);
      }
    },
    page(contentId, from, end) {
      const found = parts(contentId, from, end, PAGE_BYTES);
      // Rows of full size are given as they are, but no reader wants the small ones of a thousand appends.
      return found.length <= FEW_ROWS ? found : [concat(found)];
    },
    take(contentId, from, end) {
      const taken = parts(contentId, from, end, end - from);
      db.sql(deleteBehind).run(contentId, from);
      return taken;
    },
    remove: (contentId) => db.sql(deleteSome).run(contentId) < DELETE_ROWS,
  };
}

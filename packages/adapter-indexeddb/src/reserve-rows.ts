/** The rows of the reserve: how many there are to be, how many there are, and more or fewer of them. */
import type { Database } from "./database.js";
import { pages } from "./pages.js";
import type { ArchiveRow, BlobRow, ContentHead, Tx } from "./schema.js";

/** Chromium keeps rows over 64 KiB in files of their own, and frees their space as soon as they are deleted. */
export const RESERVE_ROW_BYTES: number = 128 * 1024;
/** Part of a blob's size that its archive takes, with some to spare: 0.2 was measured on real transcripts. */
const SHARE = 1 / 4;
/**
 * Chromium keeps smaller rows in files that it rewrites now and then, and until then their space is not free. That takes up to this much;
 * of a store that is small itself, this part.
 */
const LAG_BYTES = 24 * 1024 * 1024;
const LAG_SHARE = 1 / 16;
/** Rows stored in one transaction. */
const ROWS_AT_ONCE = 32;
const HEADS_AT_ONCE = 1000;

export function standing(db: Database): Promise<number> {
  return db.read(["own"], (tx) => tx.objectStore("own").count(rowsFrom(0)));
}

interface Sizes {
  readonly largest: number;
  readonly total: number;
}

export async function sizesIn(db: Database): Promise<Sizes> {
  const blobs = await sizesOf((last?: BlobRow) =>
    db.read(["blobs"], (tx) =>
      tx.objectStore("blobs").getAll(last && IDBKeyRange.lowerBound([last.id, last.name], true), HEADS_AT_ONCE),
    ),
  );
  const archives = await sizesOf((last?: ArchiveRow) =>
    db.read(["archives"], (tx) =>
      tx.objectStore("archives").getAll(last && IDBKeyRange.lowerBound(last.key, true), HEADS_AT_ONCE),
    ),
  );
  return { largest: blobs.largest, total: blobs.total + archives.total };
}

async function sizesOf<Row extends ContentHead>(
  fetch: (last: Row | undefined) => Promise<readonly Row[]>,
): Promise<Sizes> {
  let largest = 0;
  let total = 0;
  for await (const page of pages(HEADS_AT_ONCE, fetch)) {
    for (const { size } of page) {
      largest = Math.max(largest, size);
      total += size;
    }
  }
  return { largest, total };
}

/** Other tabs may do the same: each transaction looks how far it is. */
export async function grow(db: Database, rows: number): Promise<void> {
  const noise = noiseRow();
  const step = async (tx: Tx): Promise<boolean> => {
    const own = tx.objectStore("own");
    const from = await own.count(rowsFrom(0));
    const to = Math.min(rows, from + ROWS_AT_ONCE);
    await Promise.all(Array.from({ length: Math.max(0, to - from) }, async (_, n) => own.put(noise, keyOf(from + n))));
    return to >= rows;
  };
  const bytes = Math.min(rows, ROWS_AT_ONCE) * RESERVE_ROW_BYTES;
  while (!(await db.write(["own"], step, { bytes })));
}

export function shrink(db: Database, rows: number): Promise<void> {
  return db.write(["own"], (tx) => tx.objectStore("own").delete(rowsFrom(rows)));
}

/** For the largest archive, and one row for what else archiving writes. */
export function rowsFor(largestBlob: number, stored: number): number {
  return 1 + Math.ceil(Math.max(largestBlob * SHARE, Math.min(stored * LAG_SHARE, LAG_BYTES)) / RESERVE_ROW_BYTES);
}

/** The size of the store for which this number of rows was taken, at most. */
export function storedFor(rows: number): number {
  return ((rows - 1) * RESERVE_ROW_BYTES) / LAG_SHARE;
}

/** The rows of the object store `own` that hold the space are numbered. */
function keyOf(row: number): string {
  return `reserve/${String(row).padStart(9, "0")}`;
}

function rowsFrom(row: number): IDBKeyRange {
  return IDBKeyRange.bound(keyOf(row), "reserve0", false, true);
}

/** Browsers compress what they store: of zeros nothing would be left. */
function noiseRow(): Uint8Array {
  const row = new Uint8Array(RESERVE_ROW_BYTES);
  for (let at = 0; at < RESERVE_ROW_BYTES; at += 65_536) crypto.getRandomValues(row.subarray(at, at + 65_536));
  return row;
}

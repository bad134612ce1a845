/**
 * The bytes of blobs and archives: content, under a number, its content id. Content is cut at the multiples of
 * {@link ROW_BYTES}, and each full cut is one row. The rest is the tail: one row, or several small ones if it was
 * appended bit by bit. A row's key is the content id and the offset just behind the row's bytes. All functions run inside a
 * caller's transaction.
 */
import { ArchiverError, concat } from "@session-archiver/core/adapter";
import type { ContentHead, Tx } from "./schema.js";

/** The fastest size to write and to read; rows of 64 KiB and less keep their space on the disk after a delete. */
export const ROW_BYTES: number = 1024 * 1024;
/** Small rows in a tail, before they are made one. */
const TAIL_ROWS = 1024;
/** Bytes deleted in one transaction, which takes some 30 ms. */
const DELETE_BYTES = 256 * ROW_BYTES;

/** Stores bytes in content that ends at `at`, a multiple of {@link ROW_BYTES}. */
export async function insertBytes(tx: Tx, contentId: number, at: number, bytes: Uint8Array): Promise<void> {
  const rows = tx.objectStore("chunks");
  const puts: Promise<unknown>[] = [];
  for (let from = 0; from < bytes.length; from += ROW_BYTES) {
    // A copy, since of a view the whole buffer behind it would be stored.
    const row = bytes.length <= ROW_BYTES ? bytes : bytes.slice(from, from + ROW_BYTES);
    puts.push(rows.put(row, [contentId, at + from + row.length]));
  }
  await Promise.all(puts);
}

/** The head of content that was written in one go. */
export function headOf(contentId: number, size: number): ContentHead {
  return { stream: contentId, size, rows: size % ROW_BYTES === 0 ? 0 : 1 };
}

/** Appends bytes that have a buffer of their own; resolves to the head of the grown content. */
export async function appendBytes(tx: Tx, head: ContentHead, bytes: Uint8Array): Promise<ContentHead> {
  const { stream: contentId, size, rows } = head;
  const grown = size + bytes.length;
  const tail = size % ROW_BYTES;
  if (rows + 1 < TAIL_ROWS && tail + bytes.length < ROW_BYTES) {
    await tx.objectStore("chunks").put(bytes, [contentId, grown]);
    return { stream: contentId, size: grown, rows: rows + 1 };
  }
  const start = size - tail;
  const all = concat([...(await tailRows(tx, head)), bytes]);
  if (tail > 0) await tx.objectStore("chunks").delete(behind(contentId, start));
  await insertBytes(tx, contentId, start, all);
  return headOf(contentId, grown);
}

/** The bytes `[from, to)`, which lie within one row or the tail, in a fresh array. `CORRUPT` if some are missing. */
export async function readBytes(tx: Tx, head: ContentHead, from: number, to: number): Promise<Uint8Array> {
  const start = from - (from % ROW_BYTES);
  const isFull = start + ROW_BYTES <= head.size;
  const row = isFull ? await fullRow(tx, head.stream, start) : concat(await tailRows(tx, head));
  const isWhole = from === start && to === start + row.length;
  return isWhole ? row : row.slice(from - start, to - start);
}

async function fullRow(tx: Tx, contentId: number, start: number): Promise<Uint8Array> {
  const row = await tx.objectStore("chunks").get([contentId, start + ROW_BYTES]);
  if (row?.length === ROW_BYTES) return row;
  throw missing(start);
}

async function tailRows(tx: Tx, { stream: contentId, size }: ContentHead): Promise<readonly Uint8Array[]> {
  const tail = size % ROW_BYTES;
  if (tail === 0) return [];
  const rows = await tx.objectStore("chunks").getAll(behind(contentId, size - tail));
  if (rows.reduce((sum, row) => sum + row.length, 0) === tail) return rows;
  throw missing(size - tail);
}

/** Deletes some of the content; `true` once nothing is left. */
export async function deleteSome(tx: Tx, contentId: number): Promise<boolean> {
  const rows = tx.objectStore("chunks");
  const first = await rows.getKey(behind(contentId, 0));
  if (!first) return true;
  await rows.delete(IDBKeyRange.bound(first, [contentId, first[1] + DELETE_BYTES]));
  return (await rows.getKey(behind(contentId, 0))) === undefined;
}

function behind(contentId: number, offset: number): IDBKeyRange {
  return IDBKeyRange.bound([contentId, offset], [contentId, Number.POSITIVE_INFINITY], true);
}

function missing(at: number): ArchiverError {
  return new ArchiverError("CORRUPT", `Stored bytes are missing at offset ${at}. Restore a backup.`);
}

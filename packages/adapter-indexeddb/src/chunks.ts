/**
 * The bytes of streams. A stream is cut at the multiples of {@link PIECE}; each full piece is one row. What is behind the
 * last full piece is one row, or several small ones if it was appended bit by bit. A row's key is its stream and the
 * offset just behind it. All of it runs inside a caller's transaction.
 */
import { ArchiverError, concat } from "@session-archiver/core/adapter";
import type { StreamHead, Tx } from "./schema.js";

/** The fastest size to write and to read; rows of 64 KiB and less keep their space on the disk after a delete. */
export const PIECE: number = 1024 * 1024;
/** Small rows in the end of a stream, before they are made one. */
const FOLD_ROWS = 1024;
/** Bytes of a stream deleted in one transaction, which takes some 30 ms. */
const DELETE_BYTES = 256 * PIECE;

/** Stores bytes in a stream that ends at `at`, a multiple of {@link PIECE}. */
export async function insertBytes(tx: Tx, stream: number, at: number, bytes: Uint8Array): Promise<void> {
  const rows = tx.objectStore("chunks");
  const puts: Promise<unknown>[] = [];
  for (let from = 0; from < bytes.length; from += PIECE) {
    // A copy, since of a view the whole buffer behind it would be stored.
    const piece = bytes.length <= PIECE ? bytes : bytes.slice(from, from + PIECE);
    puts.push(rows.put(piece, [stream, at + from + piece.length]));
  }
  await Promise.all(puts);
}

/** The head of a stream that was written in one go. */
export function headOf(stream: number, size: number): StreamHead {
  return { stream, size, rows: size % PIECE === 0 ? 0 : 1 };
}

/** Appends bytes that have a buffer of their own; gives the head the stream has then. */
export async function appendBytes(tx: Tx, head: StreamHead, bytes: Uint8Array): Promise<StreamHead> {
  const { stream, size, rows } = head;
  const grown = size + bytes.length;
  const tail = size % PIECE;
  if (rows + 1 < FOLD_ROWS && tail + bytes.length < PIECE) {
    await tx.objectStore("chunks").put(bytes, [stream, grown]);
    return { stream, size: grown, rows: rows + 1 };
  }
  const start = size - tail;
  const all = concat([...(await tailRows(tx, head)), bytes]);
  if (tail > 0) await tx.objectStore("chunks").delete(behind(stream, start));
  await insertBytes(tx, stream, start, all);
  return headOf(stream, grown);
}

/** The bytes `[from, to)`, which lie within one piece, in an array that nobody else has. `CORRUPT` if some are missing. */
export async function readBytes(tx: Tx, head: StreamHead, from: number, to: number): Promise<Uint8Array> {
  const start = from - (from % PIECE);
  const isFull = start + PIECE <= head.size;
  const piece = isFull ? await fullPiece(tx, head.stream, start) : concat(await tailRows(tx, head));
  const isWhole = from === start && to === start + piece.length;
  return isWhole ? piece : piece.slice(from - start, to - start);
}

async function fullPiece(tx: Tx, stream: number, start: number): Promise<Uint8Array> {
  const piece = await tx.objectStore("chunks").get([stream, start + PIECE]);
  if (piece?.length === PIECE) return piece;
  throw missing(start);
}

/** The rows behind the last full piece. */
async function tailRows(tx: Tx, { stream, size }: StreamHead): Promise<readonly Uint8Array[]> {
  const tail = size % PIECE;
  if (tail === 0) return [];
  const rows = await tx.objectStore("chunks").getAll(behind(stream, size - tail));
  if (rows.reduce((sum, row) => sum + row.length, 0) === tail) return rows;
  throw missing(size - tail);
}

/** Deletes some of a stream; `true` once nothing is left. */
export async function removeSome(tx: Tx, stream: number): Promise<boolean> {
  const rows = tx.objectStore("chunks");
  const first = await rows.getKey(behind(stream, 0));
  if (!first) return true;
  await rows.delete(IDBKeyRange.bound(first, [stream, first[1] + DELETE_BYTES]));
  return (await rows.getKey(behind(stream, 0))) === undefined;
}

function behind(stream: number, offset: number): IDBKeyRange {
  return IDBKeyRange.bound([stream, offset], [stream, Number.POSITIVE_INFINITY], true);
}

function missing(at: number): ArchiverError {
  return new ArchiverError("CORRUPT", `Stored bytes are missing at offset ${at}. Restore a backup.`);
}

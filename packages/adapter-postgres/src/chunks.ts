/**
 * Bytes, as rows keyed by their stream's id and by their end offset: the row that holds byte n is then the first with
 * `end_at > n`, whatever the rows' sizes.
 */
import type { Parameters } from "./parameters.js";

/** A row of a body. Larger ones would not be faster to write or read, and ranges would be slower. */
export const ROW_BYTES: number = 256 * 1024;
/** Appended bytes wait in small rows until there are this many bytes or rows; then they are folded into a large one. */
export const FOLD_BYTES: number = 64 * 1024;
export const FOLD_ROWS = 256;
/** The longest row: what was folded, and the first row of what was appended then. */
const LONGEST_ROW: number = FOLD_BYTES + ROW_BYTES;

/** Rows of `bytes`, which lie in a stream from `at` on, as the rows of a VALUES list: `end_at`, `bytes`. */
export function valuesOf(p: Parameters, at: number, bytes: Uint8Array | readonly Uint8Array[]): string | undefined {
  const rows: string[] = [];
  let end = at;
  for (const row of bytes instanceof Uint8Array ? cut(bytes) : bytes) {
    end += row.length;
    rows.push(`(${p.count(end)}, ${p.bytes(row)})`);
  }
  return rows.length === 0 ? undefined : `(VALUES ${rows.join(", ")}) AS v (end_at, bytes)`;
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += ROW_BYTES) yield bytes.subarray(from, from + ROW_BYTES);
}

/** A part of a statement: stores the rows in a table for the stream that `head` gives, if it gives one. */
export function insertRows(table: string, head: string, values: string | undefined): string {
  if (values === undefined) return "SELECT 1";
  return `INSERT INTO ${table} (stream, end_at, bytes) SELECT ${head}.stream, v.end_at, v.bytes FROM ${head}, ${values}`;
}

/** A query for the bytes `[from, to)` of a stream, as one value; what is missing makes it shorter. */
export function bytesBetween(table: string, stream: string, from: string, to: string): string {
  const start = "end_at - octet_length(bytes)";
  const part = `substring(bytes
    from (greatest(${from}, start_at) - start_at + 1)::int for (least(${to}, end_at) - greatest(${from}, start_at))::int)`;
  return `SELECT string_agg(${part}, ''::bytea ORDER BY end_at) AS bytes
    FROM (SELECT end_at, ${start} AS start_at, bytes FROM ${table}
      WHERE stream = ${stream} AND end_at > ${from} AND end_at < ${to} + ${LONGEST_ROW}) AS piece
    WHERE start_at < ${to}`;
}

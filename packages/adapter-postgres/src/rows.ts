/** Columns of rows. Drivers differ in how they give numbers and bytes, and anybody may have changed a row. */
import { ArchiverError, decodeKey } from "@session-archiver/core/adapter";
import type { Row } from "./queryable.js";

/** A float8 or integer. Drivers give large ones as text or as a bigint, and a host may have set its own parsers. */
export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value === "number") return value;
  const isText = typeof value === "string" && value !== "";
  const number = isText || typeof value === "bigint" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? wrongColumn(column) : number;
}

/** A size or offset: a whole number from 0 to 2^53 - 1. */
export function countOf(row: Row | undefined, column: string): number {
  const value = numberOf(row, column);
  return Number.isSafeInteger(value) && value >= 0 ? value : wrongColumn(column);
}

/** A bytea as a plain `Uint8Array`: `pg` gives Buffers, which slice differently; some drivers give the hex text of the wire. */
export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (typeof value === "string" && value.startsWith("\\x")) return bytesOfHex(value);
  if (!ArrayBuffer.isView(value)) return wrongColumn(column);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** A name that is stored as bytes. `CORRUPT` if it is not UTF-8. */
export function nameIn(row: Row, column: string): string {
  return decodeKey(bytesIn(row, column));
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : wrongColumn(column);
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: (hex.length - 2) / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 + i * 2, 4 + i * 2), 16),
  );
}

function wrongColumn(column: string): never {
  throw new ArchiverError("CORRUPT", `Column "${column}" is missing or malformed. Restore a backup.`);
}

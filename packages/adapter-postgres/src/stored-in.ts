/** Metadata as a row holds it. */
import { decodeKey, type StoredMeta } from "@session-archiver/core/adapter";
import type { Row } from "./queryable.js";
import { bytesIn } from "./rows.js";

const HEX = (byte: number): string => byte.toString(16).padStart(2, "0");

/** A damaged value stays what is to be kept of it, and what no reader takes for JSON. */
export function storedIn(row: Row): StoredMeta {
  return { version: textOr(row, "version"), json: textOr(row, "meta") };
}

/** Text; what is not UTF-8 as hex digits, as PostgreSQL writes bytes; `undefined` if it is not even bytes. */
export function textOr(row: Row, column: string): string | undefined {
  let bytes: Uint8Array;
  try {
    bytes = bytesIn(row, column);
  } catch {
    return undefined;
  }
  try {
    return decodeKey(bytes);
  } catch {
    return `\\x${[...bytes].map(HEX).join("")}`;
  }
}

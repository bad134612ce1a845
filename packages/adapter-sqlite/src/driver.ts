/** The little this package needs of an SQLite library, over `node:sqlite` and `better-sqlite3` alike. */
import { ArchiverError } from "@session-archiver/core/adapter";

/** What a column holds; a BLOB may come as a Buffer: see {@link blobOf}. */
export type SqlValue = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** An open database of the host's: a `DatabaseSync` of node:sqlite or a `Database` of better-sqlite3. */
export interface SqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteHandleStatement;
}

/** A prepared statement of either library. */
export interface SqliteHandleStatement {
  run(...parameters: never[]): unknown;
  get(...parameters: never[]): unknown;
  iterate(...parameters: never[]): Iterable<unknown>;
}

export interface Statement {
  /** Executes to the end; the number of rows changed. */
  run(...parameters: readonly SqlValue[]): number;
  /** The first row. */
  get(...parameters: readonly SqlValue[]): Row | undefined;
  /** Rows one by one; leaving the loop early ends the statement. */
  iterate(...parameters: readonly SqlValue[]): Iterable<Row>;
}

export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
}

/** Both libraries' statements, as far as they agree, and the switches in which they differ. */
interface NativeStatement {
  run(...parameters: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...parameters: readonly SqlValue[]): Row | undefined;
  iterate(...parameters: readonly SqlValue[]): Iterable<Row>;
  setReadBigInts?(on: boolean): void;
  setReturnArrays?(on: boolean): void;
  safeIntegers?(on: boolean): void;
}

export function driverOf(handle: SqliteHandle): Driver {
  return {
    exec: (sql) => void handle.exec(sql),
    prepare: (sql) => wrap(handle.prepare(sql) as unknown as NativeStatement),
  };
}

function wrap(native: NativeStatement): Statement {
  // A host may have set other defaults for its connection.
  native.setReadBigInts?.(false);
  native.setReturnArrays?.(false);
  native.safeIntegers?.(false);
  return {
    run: (...parameters) => Number(native.run(...parameters).changes),
    get: (...parameters) => native.get(...parameters),
    iterate: (...parameters) => native.iterate(...parameters),
  };
}

export function numberOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === "number" ? value : wrongColumn(column);
}

/** A size or offset: a whole number from 0 to 2^53 - 1. */
export function countOf(row: Row | undefined, column: string): number {
  const value = numberOf(row, column);
  return Number.isSafeInteger(value) && value >= 0 ? value : wrongColumn(column);
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : wrongColumn(column);
}

/** A BLOB as a plain `Uint8Array` of its own. */
export function blobOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) return wrongColumn(column);
  // better-sqlite3 gives Buffers, which compare and slice unlike a `Uint8Array`.
  return Buffer.isBuffer(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

function wrongColumn(column: string): never {
  throw new ArchiverError("CORRUPT", `Column "${column}" is missing, or not what it should be. Restore a backup.`);
}

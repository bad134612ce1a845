/** The few features that this package needs of an SQLite library, for both `node:sqlite` and `better-sqlite3`. */
import { ArchiverError } from "@session-archiver/core/adapter";

/** A column's value. A BLOB may come as a Buffer: see {@link blobOf}. */
export type SqlValue = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** An open database of the host: a `DatabaseSync` of node:sqlite or a `Database` of better-sqlite3. */
export interface SqliteHandle {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteHandleStatement;
}

/** A prepared statement of either library. */
export interface SqliteHandleStatement {
  run(...parameters: never[]): unknown;
  get(...parameters: never[]): unknown;
  all(...parameters: never[]): unknown[];
  iterate(...parameters: never[]): Iterable<unknown>;
}

export interface Statement {
  /** Executes the statement to its end. Gives the number of changed rows. */
  run(...parameters: readonly SqlValue[]): number;
  /** The first row. */
  get(...parameters: readonly SqlValue[]): Row | undefined;
  /** Every row of a page. */
  all(...parameters: readonly SqlValue[]): readonly Row[];
  /**
   * Rows one by one; leaving the loop early ends the statement. Use it only where missing rows are noticed: in Deno the loop ends
   * without an error where SQLite fails (findings/deno-sqlite-iterate-hides-errors.sh).
   */
  iterate(...parameters: readonly SqlValue[]): Iterable<Row>;
}

export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
}

/** The part of a statement that both libraries share, and the switches in which they differ. */
interface NativeStatement {
  run(...parameters: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...parameters: readonly SqlValue[]): Row | undefined;
  all(...parameters: readonly SqlValue[]): Row[];
  iterate(...parameters: readonly SqlValue[]): Iterable<Row>;
  setReadBigInts?(on: boolean): void;
  setReturnArrays?(on: boolean): void;
  safeIntegers?(on: boolean): void;
}

export function driverOf(handle: SqliteHandle): Driver {
  return {
    exec: (sql) => void handle.exec(sql),
    prepare: (sql) => wrap(() => prepare(handle, sql)),
  };
}

function prepare(handle: SqliteHandle, sql: string): NativeStatement {
  const native = handle.prepare(sql) as unknown as NativeStatement;
  // A host may have set other defaults for its connection.
  native.setReadBigInts?.(false);
  native.setReturnArrays?.(false);
  native.safeIntegers?.(false);
  return native;
}

function wrap(prepared: () => NativeStatement): Statement {
  let native = prepared();
  return {
    run: (...parameters) => Number(native.run(...parameters).changes),
    get: (...parameters) => native.get(...parameters),
    all: (...parameters) => native.all(...parameters),
    *iterate(...parameters) {
      try {
        yield* native.iterate(...parameters);
      } catch (error) {
        // In Node, the next loop would throw this error once more (findings/node-sqlite-iterate-fails-twice.sh).
        native = prepared();
        throw error;
      }
    },
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

/** A BLOB as a plain `Uint8Array` of its own. */
export function blobOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) return wrongColumn(column);
  // better-sqlite3 gives Buffers, which compare and slice differently from a `Uint8Array`.
  return Buffer.isBuffer(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

function wrongColumn(column: string): never {
  throw new ArchiverError("CORRUPT", `Column "${column}" is missing or malformed. Restore a backup.`);
}

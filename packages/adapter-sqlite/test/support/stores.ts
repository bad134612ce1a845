/** The same store, opened in each of the ways, on real files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import type { Row } from "../../src/driver.js";
import {
  openSqlite,
  type SqliteHandle,
  type SqliteHandleStatement,
  type SqliteOptions,
  type SqliteStore,
} from "../../src/index.js";

/** A database file in a directory of its own, removed after the test. */
export function databaseFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "session-archiver-sqlite-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "sessions.db");
}

/** Features of both libraries that tests use, beyond those that the package needs. */
export interface HostHandle extends SqliteHandle {
  prepare(sql: string): SqliteHandleStatement & {
    all(...parameters: never[]): unknown[];
  };
  close(): unknown;
}

type Connect = (file: string) => HostHandle;

/** The library that opened each file: two copies of SQLite in one process must not open the same one. */
const openedBy = new Map<string, Connect>();
const connectNode: Connect = (file) => new DatabaseSync(file);
const connectBetter: Connect = (file) => {
  openedBy.set(file, connectBetter);
  return new Database(file, { timeout: 10 });
};

/** A host's own connections, as the libraries open them. */
export const hosts: readonly (readonly [library: string, connect: Connect])[] = [
  ["node:sqlite", connectNode],
  ["better-sqlite3", connectBetter],
];

export interface Opened {
  readonly store: SqliteStore;
  close(): Promise<void>;
}

export type Open = (file: string, options?: SqliteOptions) => Promise<Opened>;

export const openPath: Open = async (file, options) => {
  const store = await openSqlite(file, options);
  return { store, close: () => store.close() };
};

const openNode: Open = (file, options) => openHandle(connectNode(file), options);
export const openBetter: Open = (file, options) => openHandle(connectBetter(file), options);

async function openHandle(handle: HostHandle, options?: SqliteOptions): Promise<Opened> {
  handle.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
  const store = await openSqlite(handle, options);
  const close = async (): Promise<void> => {
    await store.close();
    handle.close();
  };
  return { store, close };
}

/** Every way to open a store. */
export const ways: readonly (readonly [name: string, open: Open])[] = [
  ["a path", openPath],
  ["a handle of node:sqlite", openNode],
  ["a handle of better-sqlite3", openBetter],
];

/** An open store on a new file, closed after the test. */
export async function newStore(
  open: Open = openPath,
  options?: SqliteOptions,
): Promise<{ readonly store: SqliteStore; readonly file: string }> {
  const file = databaseFile();
  const { store, close } = await open(file, options);
  onTestFinished(close);
  return { store, file };
}

/** Through another connection of the library that has the file open. */
function beside<T>(file: string, work: (db: HostHandle) => T): T {
  const db = (openedBy.get(file) ?? connectNode)(file);
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    return work(db);
  } finally {
    db.close();
  }
}

/** Changes a store behind its back. */
export function tamper(file: string, sql: string): void {
  beside(file, (db) => db.exec(sql));
}

/** The rows of a query. */
export function rowsOf(file: string, sql: string): readonly Row[] {
  return beside(file, (db) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...(row as Row) })),
  );
}

/** The single number in a query's result. */
export function count(file: string, sql: string): number {
  return Number(Object.values(rowsOf(file, sql)[0] ?? {})[0]);
}

/** Stores and raw databases of one test, gone after it. */
import { type IDBPDatabase, openDB } from "idb";
import { onTestFinished } from "vitest";
import { deleteIndexedDb, type IndexedDbOptions, type IndexedDbStore, openIndexedDb } from "../../../src/index.js";
import { freshName } from "./subject.js";

/** The name of a database that is deleted after the test. */
export function databaseName(): string {
  const name = freshName();
  onTestFinished(() => deleteIndexedDb(name));
  return name;
}

export async function open(name: string, options?: IndexedDbOptions): Promise<IndexedDbStore> {
  const store = await openIndexedDb(name, options);
  onTestFinished(() => store.close());
  return store;
}

export async function newStore(options?: IndexedDbOptions): Promise<{ store: IndexedDbStore; name: string }> {
  const name = databaseName();
  return { store: await open(name, options), name };
}

/** Does something with the database by hand, beside any store. */
export async function raw<T>(name: string, work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
  const db = await openDB(name);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

export function count(name: string, store: string): Promise<number> {
  return raw(name, (db) => db.count(store));
}

/** The databases that are there. WebKit also lists one whose first upgrade was aborted, as of version 0. */
export async function databaseNames(): Promise<readonly (string | undefined)[]> {
  const listed = await indexedDB.databases();
  return listed.filter(({ version }) => version !== 0).map(({ name }) => name);
}

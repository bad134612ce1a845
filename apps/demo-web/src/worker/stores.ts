/** The app's stores, all in one IndexedDB database. */
import { openIndexedDb, storageStatus } from "@session-archiver/adapter-indexeddb";
import type { Ports } from "@session-archiver/core";
import type { StorageStatus } from "./api.ts";

/** Operations on the database as a whole. */
export interface Store {
  /** Runs the work, in one tab at a time; `undefined` while it runs in another. */
  runExclusive<T>(work: () => Promise<T>): Promise<T | undefined>;
  status(): Promise<StorageStatus>;
  close(): Promise<void>;
}

/** The opened database, with the ports that the archiver works on. */
export type OpenedStore = Store & Ports;

export interface StoreListener {
  /** Another tab closed the database: it can't be used any more. */
  onClosed(message: string): void;
  /** Opening has to wait for another tab. */
  onBlocked(message: string): void;
}

export type OpenStores = (name: string, listener: StoreListener) => Promise<OpenedStore>;

const BLOCKED = "Another tab has an older version of this page open. Close or reload it to go on.";

export const openStores: OpenStores = async (name, { onClosed, onBlocked }) => {
  const store = await openIndexedDb(name, {
    onClosed: (reason) => onClosed(reason.message),
    onBlocked: () => onBlocked(BLOCKED),
  });
  const status = async (): Promise<StorageStatus> => ({
    ...(await storageStatus()),
    reservedBytes: await store.reservedBytes(),
  });
  return { ...store, status };
};

/** Where everything is kept: one IndexedDB database. */
import { openIndexedDb, type StorageStatus, storageStatus } from "@session-archiver/adapter-indexeddb";
import type { Ports } from "@session-archiver/core";

/** What concerns the store as a whole. */
export interface Store {
  /** Runs the work, in one tab at a time; `undefined` while it runs in another. */
  runExclusive<T>(work: () => Promise<T>): Promise<T | undefined>;
  status(): Promise<StorageStatus>;
  close(): Promise<void>;
}

/** As it is opened: what the archiver works on, too. */
export type OpenedStore = Store & Ports;

export interface StoreListener {
  /** The database was closed by somebody else: nothing more can be done with it. */
  onClosed(message: string): void;
  /** Opening waits for another tab. */
  onBlocked(message: string): void;
}

export type OpenStores = (name: string, listener: StoreListener) => Promise<OpenedStore>;

const BLOCKED = "Another tab has an older version of this page open. Close or reload it to go on.";

export const openStores: OpenStores = async (name, { onClosed, onBlocked }) => {
  const store = await openIndexedDb(name, {
    onClosed: (reason) => onClosed(reason.message),
    onBlocked: () => onBlocked(BLOCKED),
  });
  return { ...store, status: storageStatus };
};

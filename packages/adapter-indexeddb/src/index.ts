export { type DeleteOptions, deleteIndexedDb, type IndexedDbStore, openIndexedDb } from "./open.js";
export type { Durability, IndexedDbOptions } from "./options.js";
export { requestPersistence, type StorageStatus, storageStatus } from "./storage.js";

/** The object stores, and how a database of an older version becomes one of this version. */
import { ArchiverError } from "@session-archiver/core";
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";

export interface ObjectRow {
  readonly id: string;
  readonly version: string;
  /** 1: at rest in the archive. Booleans can't be indexed. */
  readonly archived: 0 | 1;
  /** Unix ms; Infinity if unknown, since null can't be indexed. */
  readonly lastActivity: number;
  /** The metadata as JSON. */
  readonly json: string;
}

/** Which bytes a name stands for: see `chunks.ts`. */
export interface StreamHead {
  readonly stream: number;
  readonly size: number;
  /** Rows behind the last full piece. */
  readonly rows: number;
}

export interface BlobRow extends StreamHead {
  readonly id: string;
  readonly name: string;
  readonly generation: string;
}

export interface ArchiveRow extends StreamHead {
  readonly key: string;
  readonly createdAt: number;
}

/** A stream that nothing names: see `loose.ts`. */
export interface LooseRow {
  /** `null`: nobody writes it any more. */
  readonly owner: string | null;
  /** Unix ms. */
  readonly seenAt: number;
}

export interface Schema extends DBSchema {
  objects: { key: string; value: ObjectRow; indexes: { sweep: [number, number] } };
  blobs: { key: [string, string]; value: BlobRow };
  archives: { key: string; value: ArchiveRow };
  /** The bytes of all streams, by stream and the offset just behind the row's bytes. */
  chunks: { key: [number, number]; value: Uint8Array };
  /** Its key generator gives out the stream numbers: it never gives one twice. */
  loose: { key: number; value: LooseRow };
}

export type StoreName = StoreNames<Schema>;
export type Db = IDBPDatabase<Schema>;
export type Upgrade = IDBPTransaction<Schema, StoreName[], "versionchange">;
/** Also of a reading transaction, in which a write would throw. */
export type Tx = IDBPTransaction<Schema, StoreName[], "readwrite">;

/** Takes a database from one version to the next. */
export type Migration = (db: Db, tx: Upgrade) => void;

/** Version n is the first n of them. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [createStores];

function createStores(db: Db): void {
  const objects = db.createObjectStore("objects", { keyPath: "id" });
  objects.createIndex("sweep", ["archived", "lastActivity"]);
  db.createObjectStore("blobs", { keyPath: ["id", "name"] });
  db.createObjectStore("archives", { keyPath: "key" });
  db.createObjectStore("chunks");
  db.createObjectStore("loose", { autoIncrement: true });
}

const STORES: readonly StoreName[] = ["objects", "blobs", "archives", "chunks", "loose"];

/** `INVALID_ARGUMENT` if the database is somebody else's. */
export function checkStores(db: Db): void {
  if (STORES.every((store) => db.objectStoreNames.contains(store))) return;
  const message = `The database "${db.name}" exists and holds something else. Nothing was changed; use another name.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}

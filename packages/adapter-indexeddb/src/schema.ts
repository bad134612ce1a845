/** The object stores, and how a database of an older version becomes one of this version. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";

export interface MetaRow {
  readonly version: string;
  /** The metadata as JSON. */
  readonly json: string;
}

export interface ObjectRow extends MetaRow {
  readonly id: string;
  /** 1: at rest in the archive. Booleans can't be indexed. */
  readonly archived: 0 | 1;
  /** Unix ms; Infinity if unknown, since null can't be indexed. */
  readonly lastActivity: number;
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
  /** One row at most: the store's own metadata. */
  own: { key: string; value: MetaRow };
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
export const MIGRATIONS: readonly Migration[] = [createStores, keepOwnMeta];

function createStores(db: Db): void {
  const objects = db.createObjectStore("objects", { keyPath: "id" });
  objects.createIndex("sweep", ["archived", "lastActivity"]);
  db.createObjectStore("blobs", { keyPath: ["id", "name"] });
  db.createObjectStore("archives", { keyPath: "key" });
  db.createObjectStore("chunks");
  db.createObjectStore("loose", { autoIncrement: true });
}

/** Nothing is indexed for `oldestArchivesLimit`: there never was an index for it, and every put would pay for one. */
function keepOwnMeta(db: Db): void {
  db.createObjectStore("own");
}

/** Those of version 1, which every later one has too. */
const FIRST_STORES: readonly StoreName[] = ["objects", "blobs", "archives", "chunks", "loose"];

/** `INVALID_ARGUMENT` if the database, of this or an older version, is somebody else's. */
export function checkStores(db: Db, more: readonly StoreName[] = []): void {
  if ([...FIRST_STORES, ...more].every((store) => db.objectStoreNames.contains(store))) return;
  const message = `The database "${db.name}" exists and holds something else. Nothing was changed; use another name.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}

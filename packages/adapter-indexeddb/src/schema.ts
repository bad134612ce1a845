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
  /** 1: fully archived. Booleans can't be indexed. */
  readonly archived: 0 | 1;
  /** Unix ms; Infinity if unknown, since null can't be indexed. */
  readonly lastActivity: number;
}

/** Which bytes a name stands for: see `content.ts`. */
export interface ContentHead {
  /** The content id, under the name it has always had in the database. */
  readonly stream: number;
  readonly size: number;
  /** Rows of the tail. */
  readonly rows: number;
}

export interface BlobRow extends ContentHead {
  readonly id: string;
  readonly name: string;
  readonly generation: string;
}

export interface ArchiveRow extends ContentHead {
  readonly key: string;
  readonly createdAt: number;
}

/** Content that nothing refers to: see `pending-streams.ts`. */
export interface LooseRow {
  /** The token of the writer; `null`: the content is orphaned. */
  readonly owner: string | null;
  /** Unix ms. */
  readonly seenAt: number;
}

export interface Schema extends DBSchema {
  objects: { key: string; value: ObjectRow; indexes: { sweep: [number, number] } };
  /** The store's own metadata, in one row at most, and the rows of `reserve.ts`. */
  own: { key: string; value: MetaRow | Uint8Array };
  blobs: { key: [string, string]; value: BlobRow };
  archives: { key: string; value: ArchiveRow };
  /** All content, by content id and the offset just behind the row's bytes. */
  chunks: { key: [number, number]; value: Uint8Array };
  /** By content id. Its key generator gives out the ids, and never one twice. */
  loose: { key: number; value: LooseRow };
}

export type StoreName = StoreNames<Schema>;
export type Db = IDBPDatabase<Schema>;
export type Upgrade = IDBPTransaction<Schema, StoreName[], "versionchange">;
/** Also of a reading transaction, in which a write would throw. */
export type Tx = IDBPTransaction<Schema, StoreName[], "readwrite">;

/** Takes a database from one version to the next. */
export type Migration = (db: Db, tx: Upgrade) => void;

/** Version n of a database is made by the first n. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [createStores, keepOwnMeta];

function createStores(db: Db): void {
  const objects = db.createObjectStore("objects", { keyPath: "id" });
  objects.createIndex("sweep", ["archived", "lastActivity"]);
  db.createObjectStore("blobs", { keyPath: ["id", "name"] });
  db.createObjectStore("archives", { keyPath: "key" });
  db.createObjectStore("chunks");
  db.createObjectStore("loose", { autoIncrement: true });
}

/** No index serves `oldestArchivesLimit`: every put would pay for it. */
function keepOwnMeta(db: Db): void {
  db.createObjectStore("own");
}

/** The object stores of version 1, which every later version has, too. */
const FIRST_STORES: readonly StoreName[] = ["objects", "blobs", "archives", "chunks", "loose"];

/** `INVALID_ARGUMENT` if the database, of this or an older version, was made by another program. */
export function checkStores(db: Db, more: readonly StoreName[] = []): void {
  if ([...FIRST_STORES, ...more].every((store) => db.objectStoreNames.contains(store))) return;
  const message = `The database "${db.name}" exists and holds something else. Nothing was changed; use another name.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}

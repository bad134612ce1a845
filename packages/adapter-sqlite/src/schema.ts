/** The tables, and how a database of an older version becomes one of this version. */
import { ArchiverError } from "@session-archiver/core";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";

export interface Tables {
  /** `schema`: the number of migrations done. `streams`: the last stream number given out. */
  readonly meta: string;
  readonly objects: string;
  /** Index on the two values a sweep asks for. */
  readonly sweep: string;
  readonly blobs: string;
  readonly archives: string;
  /** The bytes of all streams. `end_at`: offset in the stream just behind the row's bytes. */
  readonly chunks: string;
  /** Streams that no blob and no archive names: see `loose.ts`. */
  readonly loose: string;
}

export function tablesOf(prefix: string): Tables {
  return {
    meta: `${prefix}meta`,
    objects: `${prefix}objects`,
    sweep: `${prefix}objects_sweep`,
    blobs: `${prefix}blobs`,
    archives: `${prefix}archives`,
    chunks: `${prefix}chunks`,
    loose: `${prefix}loose`,
  };
}

/** Takes a database from one schema version to the next, inside a transaction. */
export type Migration = (db: Database, tables: Tables) => void;

/** Version n is the first n of them. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [createTables];

function createTables(db: Database, t: Tables): void {
  db.exec(`
    CREATE TABLE ${t.meta} (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO ${t.meta} VALUES ('schema', 0), ('streams', 0);
    CREATE TABLE ${t.objects} (
      id BLOB NOT NULL UNIQUE, version TEXT NOT NULL, archived INTEGER NOT NULL, last_activity INTEGER,
      meta TEXT NOT NULL
    );
    CREATE INDEX ${t.sweep} ON ${t.objects} (archived, last_activity, id);
    CREATE TABLE ${t.blobs} (
      id BLOB NOT NULL, name BLOB NOT NULL, generation BLOB NOT NULL, size INTEGER NOT NULL, stream INTEGER NOT NULL,
      sealed INTEGER NOT NULL, tail_rows INTEGER NOT NULL, PRIMARY KEY (id, name)
    ) WITHOUT ROWID;
    CREATE TABLE ${t.archives} (
      key BLOB NOT NULL PRIMARY KEY, size INTEGER NOT NULL, created_at INTEGER NOT NULL, stream INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE ${t.chunks} (
      chunk INTEGER PRIMARY KEY, stream INTEGER NOT NULL, end_at INTEGER NOT NULL, bytes BLOB NOT NULL
    );
    CREATE UNIQUE INDEX ${t.chunks}_at ON ${t.chunks} (stream, end_at);
    CREATE TABLE ${t.loose} (stream INTEGER PRIMARY KEY, owner TEXT, seen_at INTEGER NOT NULL);
  `);
}

function currentVersion(db: Database, tables: Tables): number {
  const known = db.sql("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE");
  if (!known.get(tables.meta)) return 0;
  return numberOf(db.sql(`SELECT value FROM ${tables.meta} WHERE key = 'schema'`).get(), "value");
}

/** The database's version; `UNAVAILABLE` if this package is too old for it. */
export function checkVersion(db: Database, tables: Tables, migrations: readonly Migration[]): number {
  const version = currentVersion(db, tables);
  if (version <= migrations.length) return version;
  throw new ArchiverError(
    "UNAVAILABLE",
    `The database has schema ${version} and this package knows ${migrations.length}. Nothing was changed; update it.`,
  );
}

/** Brings the tables up to date, in one transaction; takes no lock if they are. */
export async function migrate(
  db: Database,
  tables: Tables,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  if ((await db.read(() => checkVersion(db, tables, migrations))) === migrations.length) return;
  await db.write(() => {
    for (const migration of migrations.slice(checkVersion(db, tables, migrations))) migration(db, tables);
    db.sql(`UPDATE ${tables.meta} SET value = ? WHERE key = 'schema'`).run(migrations.length);
  });
}

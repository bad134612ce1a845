/** The tables, and how a database of an older version becomes one of this version. */
import { ArchiverError, type Meta, sweepIndex } from "@session-archiver/core";
import type { Database } from "./database.js";
import { numberOf, type Row, textOf } from "./driver.js";

export interface Tables {
  /**
   * `schema`: the number of migrations done. `streams`: the last stream number given out. `stored_bytes`: the sum of the
   * objects' column of that name.
   */
  readonly meta: string;
  readonly objects: string;
  /** Index on the two values a sweep asks for. */
  readonly sweep: string;
  /** Index on when archives were made that count toward the byte cap. */
  readonly kept: string;
  /** Index on when tombstones were set whose archives are there still. */
  readonly pruned: string;
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
    kept: `${prefix}objects_kept`,
    pruned: `${prefix}objects_pruned`,
    blobs: `${prefix}blobs`,
    archives: `${prefix}archives`,
    chunks: `${prefix}chunks`,
    loose: `${prefix}loose`,
  };
}

/** Takes a database from one schema version to the next, inside a transaction. */
export type Migration = (db: Database, tables: Tables) => void;

/** Version n is the first n of them. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [createTables, indexArchives];

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

/** So that a prune finds the oldest archives, and their total, without a look at the others. */
function indexArchives(db: Database, t: Tables): void {
  const addToSum = (bytes: string): string =>
    `BEGIN UPDATE ${t.meta} SET value = value + ${bytes} WHERE key = 'stored_bytes'; END`;
  db.exec(`
    ALTER TABLE ${t.objects} ADD COLUMN archived_at INTEGER;
    ALTER TABLE ${t.objects} ADD COLUMN pruned_at INTEGER;
    ALTER TABLE ${t.objects} ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX ${t.kept} ON ${t.objects} (archived_at, id) WHERE archived_at IS NOT NULL;
    CREATE INDEX ${t.pruned} ON ${t.objects} (pruned_at, id) WHERE pruned_at IS NOT NULL;
    INSERT INTO ${t.meta} VALUES ('stored_bytes', 0);
    CREATE TRIGGER ${t.objects}_sum_in AFTER INSERT ON ${t.objects}
      WHEN NEW.stored_bytes <> 0 ${addToSum("NEW.stored_bytes")};
    CREATE TRIGGER ${t.objects}_sum AFTER UPDATE OF stored_bytes ON ${t.objects}
      WHEN NEW.stored_bytes <> OLD.stored_bytes ${addToSum("NEW.stored_bytes - OLD.stored_bytes")};
    CREATE TRIGGER ${t.objects}_sum_out AFTER DELETE ON ${t.objects}
      WHEN OLD.stored_bytes <> 0 ${addToSum("-OLD.stored_bytes")};
  `);
  // In JavaScript, so that the values are exactly those that a put computes.
  const next = db.sql(`SELECT rowid, meta FROM ${t.objects} WHERE rowid > ? ORDER BY rowid LIMIT 1`);
  const index = db.sql(`UPDATE ${t.objects} SET archived_at = ?, pruned_at = ?, stored_bytes = ? WHERE rowid = ?`);
  for (let row = next.get(0); row; row = next.get(numberOf(row, "rowid"))) {
    const { archivedAtMs, prunedAtMs, storedBytes } = sweepIndex(metaIn(row));
    if (archivedAtMs !== null || prunedAtMs !== null) {
      index.run(archivedAtMs, prunedAtMs, storedBytes, numberOf(row, "rowid"));
    }
  }
}

/** Damaged metadata is for those to report who read it. */
function metaIn(row: Row): Meta {
  try {
    return JSON.parse(textOf(row, "meta")) as Meta;
  } catch {
    return {};
  }
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

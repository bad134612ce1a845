/** Steps that bring an older database to this version. */
import { decodeMeta, KEY, type Meta, sweepIndex, unlessCorrupt } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { numberOf, type Row } from "./driver.js";
import type { Tables } from "./tables.js";

/** Takes a database from one schema version to the next, inside a transaction. */
export type Migration = (db: Database, tables: Tables) => void;

/** Version n is the result of the first n migrations. A released migration is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  createTables,
  indexArchives,
  indexKeptActivity,
  indexNewest,
  createClaims,
];

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

/** Lets a prune find the oldest archives, and their total size, without reading the other rows. */
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
  const next = db.sql(`SELECT rowid, meta FROM ${t.objects} WHERE rowid > ? ORDER BY rowid LIMIT 1`);
  const index = db.sql(`UPDATE ${t.objects} SET archived_at = ?, pruned_at = ?, stored_bytes = ? WHERE rowid = ?`);
  for (let row = next.get(0); row; row = next.get(numberOf(row, "rowid"))) {
    // Computed in JavaScript, so that the values are exactly those of a put.
    const meta = metaIn(row);
    const { keptActivityMs, prunedAtMs, archiveBytes } = sweepIndex(meta);
    const archivedAt = keptActivityMs === null ? null : Number(meta[KEY.archivedAt]);
    if (archivedAt !== null || prunedAtMs !== null) {
      index.run(archivedAt, prunedAtMs, archiveBytes, numberOf(row, "rowid"));
    }
  }
}

/** Prunes go by last activity, no longer by the time of archiving. The store gets metadata of its own. */
function indexKeptActivity(db: Database, t: Tables): void {
  // Renamed, not dropped, which would rewrite the whole table. The same rows have a value, and the index is kept.
  db.exec(`
    ALTER TABLE ${t.objects} RENAME COLUMN archived_at TO kept_activity;
    CREATE TABLE ${t.own} (only INTEGER PRIMARY KEY CHECK (only = 1), version TEXT NOT NULL, meta TEXT NOT NULL);
  `);
  const next = db.sql(
    `SELECT rowid, meta FROM ${t.objects} WHERE rowid > ? AND kept_activity IS NOT NULL ORDER BY rowid LIMIT 1`,
  );
  const index = db.sql(`UPDATE ${t.objects} SET kept_activity = ? WHERE rowid = ?`);
  for (let row = next.get(0); row; row = next.get(numberOf(row, "rowid"))) {
    const { keptActivityMs } = sweepIndex(metaIn(row));
    // Damaged metadata keeps its value, so that a listing still finds and reports it.
    if (keptActivityMs !== null) index.run(keptActivityMs, numberOf(row, "rowid"));
  }
}

/**
 * Lets lists run through an index in their order. It is a computed column's: no row is written, and a program of an older
 * version that runs beside this one keeps it right without knowing of it.
 */
function indexNewest(db: Database, t: Tables): void {
  // The time of an unsettled session is 0, so that sweeps find it: the metadata has the right one. Negative: newest first.
  const activity = `json_extract(meta, '$."${KEY.lastActivity}"')`;
  const isNumber = `json_valid(meta) AND typeof(${activity}) IN ('integer', 'real')`;
  db.exec(`
    ALTER TABLE ${t.objects} ADD COLUMN newest REAL AS (
      CASE WHEN last_activity > 0 THEN -last_activity WHEN last_activity = 0 AND ${isNumber} THEN min(-${activity}, 0) ELSE 0 END
    ) VIRTUAL;
    CREATE INDEX ${t.newest} ON ${t.objects} (newest, id);
  `);
}

/** Times in unix ms. */
function createClaims(db: Database, t: Tables): void {
  db.exec(`
    CREATE TABLE ${t.claims} (
      id BLOB PRIMARY KEY, owner TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
    ) WITHOUT ROWID;
  `);
}

/** Damaged metadata is indexed as if it were empty. A read reports the damage. */
function metaIn(row: Row): Meta {
  const read = (): Meta => decodeMeta({ version: "", json: row["meta"] }, "an object", {}).meta;
  return unlessCorrupt(read, () => {}) ?? {};
}

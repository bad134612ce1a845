/** The tables, and how a database is brought up to date. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import { MIGRATIONS, type Migration } from "./migrations.js";

export interface Tables {
  /**
   * `schema`: the number of migrations done. `streams`: the last stream number given out. `stored_bytes`: the sum of the
   * objects' column of that name.
   */
  readonly meta: string;
  readonly objects: string;
  /** Index on the two values a sweep asks for. */
  readonly sweep: string;
  /** Index on the last activity of sessions whose archive counts toward the byte cap. */
  readonly kept: string;
  /** Index on when tombstones were set whose archives are there still. */
  readonly pruned: string;
  /** One row at most: the store's own metadata. */
  readonly own: string;
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
    own: `${prefix}own`,
    blobs: `${prefix}blobs`,
    archives: `${prefix}archives`,
    chunks: `${prefix}chunks`,
    loose: `${prefix}loose`,
  };
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

/** The tables, and how a database is brought up to date. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import { MIGRATIONS, type Migration } from "./migrations.js";

/** What the tables and indexes are called, behind the store's prefix. */
const NAMES = {
  /**
   * `schema`: the number of migrations done. `streams`: the last id given to a content. `stored_bytes`: the sum of the
   * objects' column of that name.
   */
  meta: "meta",
  objects: "objects",
  /** Index on the two values a sweep asks for. */
  sweep: "objects_sweep",
  /** Index on the last activity of sessions whose archive counts toward the byte cap. */
  kept: "objects_kept",
  /** Index on when tombstones were set whose archives are there still. */
  pruned: "objects_pruned",
  /** One row at most: the store's own metadata. */
  own: "own",
  blobs: "blobs",
  archives: "archives",
  /** The bytes of all contents. `end_at`: offset in the content just behind the row's bytes. */
  chunks: "chunks",
  /** Contents that no blob and no archive names: see `pending-streams.ts`. */
  loose: "loose",
} as const;

export type Tables = { readonly [Table in keyof typeof NAMES]: string };

export function tablesOf(prefix: string): Tables {
  return Object.fromEntries(Object.entries(NAMES).map(([table, name]) => [table, prefix + name])) as Tables;
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

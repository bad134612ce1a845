/** Brings a database up to date. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import { MIGRATIONS, type Migration } from "./migrations.js";
import type { Tables } from "./tables.js";

/** The version of the tables that this package makes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

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

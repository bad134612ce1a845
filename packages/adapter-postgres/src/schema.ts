/** Brings a database up to date. */
import { ArchiverError, MAX_TRIES } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { sqlStateOf, translate } from "./failure.js";
import { MIGRATIONS, type Migration } from "./migrations.js";
import { countOf } from "./rows.js";
import type { Tables } from "./tables.js";

/** The version of the tables that this package makes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** Any number that others don't lock: the first bytes of "session-archiver". */
const LOCK = "x'73657373696f6e2d'::bit(64)::int8";

/**
 * Brings the tables up to date, in one statement. A role without the right to make tables may open what another has made. `UNAVAILABLE`
 * if this package is too old for them.
 */
export async function migrate(
  db: Database,
  tables: Tables,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  for (let tries = 1; (await currentVersion(db, tables, migrations)) < migrations.length; tries++) {
    try {
      await db.query(statement(tables, migrations));
    } catch (error) {
      // Above the default isolation level, a process that waited for the lock doesn't see what was done meanwhile.
      const state = sqlStateOf((error as ArchiverError).cause);
      const wasFaster = /^(42P0[67]|42710|42701|23505|40001)$/.test(state);
      if (!wasFaster || tries === MAX_TRIES) throw withAdvice(error, tables, state);
    }
  }
}

/** `NOT_FOUND` if there are no tables. `UNAVAILABLE` if they are of a newer version, or, unless `orOlder`, of an older one. */
export async function requireTables(
  db: Database,
  tables: Tables,
  { orOlder }: { readonly orOlder: boolean },
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const version = await currentVersion(db, tables, migrations);
  if (version === 0) {
    const where = tables.schema === undefined ? "the database" : `the schema "${tables.schema}"`;
    const message = `There is no store in ${where}: no tables whose names begin with "${tables.prefix}".`;
    throw new ArchiverError("NOT_FOUND", message);
  }
  if (orOlder || version === migrations.length) return;
  throw new ArchiverError(
    "UNAVAILABLE",
    `The database has schema ${version}, and this package reads ${migrations.length}. Open it once to write, which brings it up to date.`,
  );
}

async function currentVersion(db: Database, tables: Tables, migrations: readonly Migration[]): Promise<number> {
  const [found] = await db.query(`SELECT to_regclass('${tables.meta}') IS NOT NULL AS is_there`);
  if (found?.["is_there"] !== true) return 0;
  const [row] = await db.query(`SELECT version FROM ${tables.meta}`);
  const version = countOf(row, "version");
  if (version <= migrations.length) return version;
  throw new ArchiverError(
    "UNAVAILABLE",
    `The database has schema ${version} and this package knows ${migrations.length}. Nothing was changed; update it.`,
  );
}

/** Several processes may start at once: they wait for one another, and look again. */
function statement(tables: Tables, migrations: readonly Migration[]): string {
  const steps = migrations.map((migration, n) => `IF done < ${n + 1} THEN ${migration(tables)} END IF;`);
  return `DO $migration$
    DECLARE done int := 0;
    BEGIN
      PERFORM pg_advisory_xact_lock(${LOCK});
      ${tables.schema === undefined ? "" : schemaIfMissing(tables.schema)}
      IF to_regclass('${tables.meta}') IS NULL THEN
        CREATE TABLE ${tables.meta} (single int PRIMARY KEY CHECK (single = 1), version int NOT NULL);
        INSERT INTO ${tables.meta} VALUES (1, 0);
      END IF;
      SELECT version INTO done FROM ${tables.meta};
      IF done IS NULL THEN RAISE EXCEPTION 'made meanwhile' USING ERRCODE = '40001'; END IF;
      ${steps.join("\n")}
      UPDATE ${tables.meta} SET version = ${migrations.length} WHERE version < ${migrations.length};
    END $migration$`;
}

/** CREATE SCHEMA IF NOT EXISTS asks for the right to make schemas, even if it is there. */
function schemaIfMissing(schema: string): string {
  return `IF to_regnamespace('"${schema}"') IS NULL THEN CREATE SCHEMA "${schema}"; END IF;`;
}

function withAdvice(error: unknown, { schema }: Tables, state: string): Error {
  if (state !== "42501" && state !== "3F000") return translate(error, {});
  const where = schema === undefined ? "the first schema of its search_path" : `the schema "${schema}"`;
  const message = `The role may not make the tables in ${where}. Let one that may (GRANT CREATE ON SCHEMA) open the store once.`;
  return new ArchiverError("UNAVAILABLE", message, { cause: error });
}

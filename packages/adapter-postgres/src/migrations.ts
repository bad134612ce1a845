/** Steps that bring an older database to this version: SQL for the body of a `DO` block, which is one statement and one transaction. */
import { beginningOf } from "./keys.js";
import type { Tables } from "./tables.js";

/** Takes a database from one schema version to the next. */
export type Migration = (tables: Tables) => string;

/** Version n is the result of the first n migrations. A released migration is never changed. */
export const MIGRATIONS: readonly Migration[] = [createTables, createClaims];

/**
 * `k`: SHA-256 of the name beside it. Numbers of objects are float8, as in JavaScript: a host's times may lie beyond 2^53.
 * Heads of blobs are updated with every append, and metadata often: room on their pages keeps a new row beside the old one.
 */
function createTables(t: Tables): string {
  const index = (name: string): string => `"${t.prefix}${name}"`;
  return `
    CREATE TABLE ${t.objects} (
      k bytea PRIMARY KEY, id bytea NOT NULL, version bytea NOT NULL, archived boolean NOT NULL, last_activity float8,
      kept_activity float8, pruned_at float8, stored_bytes float8 NOT NULL, newest float8 NOT NULL, listing bytea,
      meta bytea NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX ${index("objects_live")} ON ${t.objects} (k) INCLUDE (last_activity) WHERE NOT archived;
    CREATE INDEX ${index("objects_kept")} ON ${t.objects} (kept_activity, k) INCLUDE (stored_bytes)
      WHERE kept_activity IS NOT NULL;
    CREATE INDEX ${index("objects_pruned")} ON ${t.objects} (k) INCLUDE (pruned_at) WHERE pruned_at IS NOT NULL;
    CREATE INDEX ${index("objects_id")} ON ${t.objects} (${beginningOf("id")});
    CREATE INDEX ${index("objects_newest")} ON ${t.objects} (newest, ${beginningOf("id")});
    CREATE TABLE ${t.own} (single int PRIMARY KEY CHECK (single = 1), version bytea NOT NULL, meta bytea NOT NULL);
    CREATE TABLE ${t.blobs} (
      k bytea PRIMARY KEY, session bytea NOT NULL, id bytea NOT NULL, name bytea NOT NULL, generation bytea NOT NULL,
      size int8 NOT NULL, stream uuid NOT NULL, sealed int8 NOT NULL, tail_rows int NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX ${index("blobs_session")} ON ${t.blobs} (session);
    CREATE TABLE ${t.archives} (
      k bytea PRIMARY KEY, key bytea NOT NULL, size int8 NOT NULL, created_at float8 NOT NULL, stream uuid NOT NULL
    );
    CREATE INDEX ${index("archives_key")} ON ${t.archives} (${beginningOf("key")});
    CREATE TABLE ${t.blobChunks} (
      stream uuid NOT NULL, end_at int8 NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (stream, end_at)
    );
    CREATE TABLE ${t.archiveChunks} (LIKE ${t.blobChunks} INCLUDING ALL);
    ALTER TABLE ${t.archiveChunks} ALTER COLUMN bytes SET STORAGE EXTERNAL;
    CREATE TABLE ${t.loose} (
      stream uuid PRIMARY KEY, archive boolean NOT NULL, taken boolean NOT NULL DEFAULT false,
      seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    ${compressed(t.blobChunks, "bytes")}
    ${compressed(t.objects, "meta")}
    ${compressed(t.objects, "listing")}
  `;
}

/** Not logged: what a crash takes of it is claimed again, and no commit has to wait for the disk. */
function createClaims(t: Tables): string {
  return `CREATE UNLOGGED TABLE ${t.claims} (k bytea PRIMARY KEY, owner bytea NOT NULL, until timestamptz NOT NULL);`;
}

/** Where the server has lz4: it packs transcripts better than its default does, and faster (docs/adr/0050-postgres-layout.md). */
function compressed(table: string, column: string): string {
  return `
    IF current_setting('server_version_num')::int >= 140000 THEN
      BEGIN
        EXECUTE 'ALTER TABLE ${table} ALTER COLUMN ${column} SET COMPRESSION lz4';
      EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN NULL;
      END;
    END IF;`;
}

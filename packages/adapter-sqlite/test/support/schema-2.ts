/** A database with version 2 of the schema. It is written out here, because the package no longer makes one. */
import { encodeKey } from "@session-archiver/core/adapter";
import { tamper } from "./stores.js";

const TABLES = `
  CREATE TABLE sa_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO sa_meta VALUES ('schema', 2), ('streams', 0), ('stored_bytes', 0);
  CREATE TABLE sa_objects (
    id BLOB NOT NULL UNIQUE, version TEXT NOT NULL, archived INTEGER NOT NULL, last_activity INTEGER, meta TEXT NOT NULL,
    archived_at INTEGER, pruned_at INTEGER, stored_bytes INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX sa_objects_sweep ON sa_objects (archived, last_activity, id);
  CREATE INDEX sa_objects_kept ON sa_objects (archived_at, id) WHERE archived_at IS NOT NULL;
  CREATE INDEX sa_objects_pruned ON sa_objects (pruned_at, id) WHERE pruned_at IS NOT NULL;
  CREATE TABLE sa_blobs (
    id BLOB NOT NULL, name BLOB NOT NULL, generation BLOB NOT NULL, size INTEGER NOT NULL, stream INTEGER NOT NULL,
    sealed INTEGER NOT NULL, tail_rows INTEGER NOT NULL, PRIMARY KEY (id, name)
  ) WITHOUT ROWID;
  CREATE TABLE sa_archives (
    key BLOB NOT NULL PRIMARY KEY, size INTEGER NOT NULL, created_at INTEGER NOT NULL, stream INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE sa_chunks (
    chunk INTEGER PRIMARY KEY, stream INTEGER NOT NULL, end_at INTEGER NOT NULL, bytes BLOB NOT NULL
  );
  CREATE UNIQUE INDEX sa_chunks_at ON sa_chunks (stream, end_at);
  CREATE TABLE sa_loose (stream INTEGER PRIMARY KEY, owner TEXT, seen_at INTEGER NOT NULL);
  CREATE TRIGGER sa_objects_sum_in AFTER INSERT ON sa_objects WHEN NEW.stored_bytes <> 0
    BEGIN UPDATE sa_meta SET value = value + NEW.stored_bytes WHERE key = 'stored_bytes'; END;
  CREATE TRIGGER sa_objects_sum AFTER UPDATE OF stored_bytes ON sa_objects
    WHEN NEW.stored_bytes <> OLD.stored_bytes
    BEGIN UPDATE sa_meta SET value = value + NEW.stored_bytes - OLD.stored_bytes WHERE key = 'stored_bytes'; END;
  CREATE TRIGGER sa_objects_sum_out AFTER DELETE ON sa_objects WHEN OLD.stored_bytes <> 0
    BEGIN UPDATE sa_meta SET value = value + -OLD.stored_bytes WHERE key = 'stored_bytes'; END;
`;

/** One row, with the values that version 2 computed in a put. */
export interface Row2 {
  readonly id: string;
  readonly archived: 0 | 1;
  readonly lastActivity: number | null;
  readonly archivedAt: number | null;
  readonly prunedAt: number | null;
  readonly storedBytes: number;
  /** The metadata, or any text instead. */
  readonly meta: object | string;
}

export function makeSchema2(file: string, rows: readonly Row2[]): void {
  const inserts = rows.map(({ id, archived, lastActivity, archivedAt, prunedAt, storedBytes, meta }) => {
    const json = typeof meta === "string" ? meta : JSON.stringify(meta);
    const blob = `x'${Buffer.from(encodeKey(id)).toString("hex")}'`;
    return `INSERT INTO sa_objects VALUES
      (${blob}, 'v-${id}', ${archived}, ${lastActivity}, '${json}', ${archivedAt}, ${prunedAt}, ${storedBytes});`;
  });
  tamper(file, `BEGIN; ${TABLES} ${inserts.join("\n")} COMMIT;`);
}

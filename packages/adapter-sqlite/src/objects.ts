/** Objects: one row each, the metadata as JSON. */
import { encodeKey, type ObjectBackend, type OwnMetaBackend, type StoredMeta } from "@session-archiver/core/adapter";
import { claimingIn } from "./claims.js";
import type { Database } from "./database.js";
import { numberOf, type Row } from "./driver.js";
import { listNewest } from "./list-newest.js";
import { listIds } from "./object-ids.js";
import type { OnSkipped } from "./options.js";
import { isSweep, listSwept } from "./sweep-ids.js";
import type { Tables } from "./tables.js";

/**
 * The kit's versions are random, not counted: a counter would repeat itself after a backup is restored, and cost a page write on
 * every put.
 */
export function sqliteObjects(db: Database, tables: Tables, onSkipped: OnSkipped): ObjectBackend {
  const { objects } = tables;
  const select = `SELECT version, meta FROM ${objects} WHERE id = ?`;
  const insert = `INSERT INTO ${objects} (version, archived, last_activity, kept_activity, pruned_at, stored_bytes, meta, id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
  // Most puts leave the other values as they are. SQLite writes an index anew for each column that a statement names, changed or not.
  const updateActivity = `UPDATE ${objects} SET version = ?, archived = ?, last_activity = ?, meta = ?
    WHERE id = ? AND version = ? AND kept_activity IS ? AND pruned_at IS ? AND stored_bytes IS ?`;
  const update = `UPDATE ${objects} SET version = ?, archived = ?, last_activity = ?, kept_activity = ?, pruned_at = ?, stored_bytes = ?,
    meta = ? WHERE id = ? AND version = ?`;
  // As REAL: the libraries refuse integers beyond 2^53.
  const sum = `SELECT CAST(value AS REAL) AS bytes FROM ${tables.meta} WHERE key = 'stored_bytes'`;
  const remove = `DELETE FROM ${objects} WHERE id = ? AND version = ?`;

  return {
    get: (id, call) => db.read(() => storedIn(db.sql(select).get(encodeKey(id))), call),
    put(id, { version, json, index }, expected, call) {
      const { archived, lastActivityMs, keptActivityMs, prunedAtMs, archiveBytes } = index;
      const key = encodeKey(id);
      const activity = [version, Number(archived), lastActivityMs] as const;
      const others = [keptActivityMs, prunedAtMs, archiveBytes] as const;
      const values = [...activity, ...others, json, key] as const;
      return db.write(() => {
        if (expected === null) return db.sql(insert).run(...values) === 1 ? version : undefined;
        const rows = db.sql(updateActivity).run(...activity, json, key, expected, ...others);
        return rows === 1 || db.sql(update).run(...values, expected) === 1 ? version : undefined;
      }, call);
    },
    delete: (id, expected, call) => db.write(() => db.sql(remove).run(encodeKey(id), expected) === 1, call),
    claim: claimingIn(db, tables),
    list: (query, call) => {
      if (isSweep(query)) return listSwept(db, tables, query, call, onSkipped);
      return listIds(db, tables, query, call, onSkipped);
    },
    listNewest: (query, call) => listNewest(db, tables, query, call, onSkipped),
    archiveBytes: (call) => db.read(() => numberOf(db.sql(sum).get(), "bytes"), call),
    ownMeta: sqliteOwnMeta(db, tables),
  };
}

/** The single row of its own table. */
function sqliteOwnMeta(db: Database, { own }: Tables): OwnMetaBackend {
  const insert = `INSERT INTO ${own} (version, meta, only) VALUES (?, ?, 1) ON CONFLICT (only) DO NOTHING`;
  const update = `UPDATE ${own} SET version = ?, meta = ? WHERE version = ?`;
  return {
    place: `in the table ${own}`,
    get: (call) => db.read(() => storedIn(db.sql(`SELECT version, meta FROM ${own}`).get()), call),
    put: ({ version, json }, expected, call) =>
      db.write(() => {
        const values = [version, json] as const;
        const rows = expected === null ? db.sql(insert).run(...values) : db.sql(update).run(...values, expected);
        return rows === 1 ? version : undefined;
      }, call),
  };
}

function storedIn(row: Row | undefined): StoredMeta | undefined {
  return row && { version: row["version"], json: row["meta"] };
}

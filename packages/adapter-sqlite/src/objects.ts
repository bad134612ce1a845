/** The object store: one row an object, its metadata as JSON. */
import { randomUUID } from "node:crypto";
import {
  ArchiverError,
  checkName,
  matchesQuery,
  type ObjectStore,
  type OpOptions,
  type StoredObject,
  sweepIndex,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import { unlessCorrupt } from "./failure.js";
import { idPages } from "./object-ids.js";
import type { OnSkipped } from "./options.js";
import { sqliteOwnMeta } from "./own-meta.js";
import { checkVersion, metaIn, toJson, versionIn } from "./stored-meta.js";
import type { Tables } from "./tables.js";
import { encode } from "./text.js";

export function sqliteObjects(db: Database, tables: Tables, onSkipped: OnSkipped): ObjectStore {
  const { objects } = tables;
  const select = `SELECT version, meta FROM ${objects} WHERE id = ?`;
  const insert = `INSERT INTO ${objects} (version, archived, last_activity, kept_activity, pruned_at, stored_bytes, meta, id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
  const update = `UPDATE ${objects} SET version = ?, archived = ?, last_activity = ?, kept_activity = ?, pruned_at = ?, stored_bytes = ?, meta = ?
    WHERE id = ? AND version = ?`;
  // As REAL: the libraries refuse integers beyond 2^53.
  const sum = `SELECT CAST(value AS REAL) AS bytes FROM ${tables.meta} WHERE key = 'stored_bytes'`;
  const remove = `DELETE FROM ${objects} WHERE id = ? AND version = ?`;

  const find = (id: string): StoredObject | undefined => {
    const row = db.sql(select).get(encode(id));
    const of = `"${id}"`;
    return row && { id, version: versionIn(row, of, { id }), meta: metaIn(row, of, { id }) };
  };
  const mustHaveChanged = (rows: number, id: string, expected: string | null): void => {
    if (rows === 1) return;
    const message = `Object "${id}" is not ${expected === null ? "absent" : `at version ${expected}`}; read it again.`;
    throw new ArchiverError("CONFLICT", message, { id });
  };

  return {
    async get(id, op) {
      checkName(id, "session id");
      return db.read(() => find(id), callFor(id, op));
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      if (expected !== null) checkVersion(expected, { id });
      const json = toJson(meta, { id });
      const index = sweepIndex(meta);
      // Random, not counted: a counter would repeat itself after a backup is restored, and cost a page on every put.
      const version = randomUUID();
      const values = [
        version,
        Number(index.archived),
        index.lastActivityMs,
        index.keptActivityMs,
        index.prunedAtMs,
        index.archiveBytes,
        json,
        encode(id),
      ] as const;
      await db.write(
        () => {
          const rows = expected === null ? db.sql(insert).run(...values) : db.sql(update).run(...values, expected);
          mustHaveChanged(rows, id, expected);
        },
        callFor(id, op),
      );
      return version;
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      checkVersion(expected, { id });
      await db.write(() => mustHaveChanged(db.sql(remove).run(encode(id), expected), id, expected), callFor(id, op));
    },
    async *list(query = {}, op) {
      for await (const ids of idPages(db, tables, query, { signal: op?.signal }, onSkipped)) {
        for (const id of ids) {
          // Read when it is asked for: the consumer may take its time between two objects.
          const object = await db.read(() => unlessCorrupt(() => find(id), onSkipped), callFor(id, op));
          if (object && matchesQuery(id, object.meta, query)) yield object;
        }
      }
    },
    archiveBytes(op) {
      return db.read(() => numberOf(db.sql(sum).get(), "bytes"), { signal: op?.signal });
    },
    ownMeta: sqliteOwnMeta(db, tables),
  };
}

function callFor(id: string, op: OpOptions | undefined): Call {
  return { id, signal: op?.signal };
}

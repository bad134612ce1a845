/** A database of schema 3, and a program that knows no later one: it reads the version once, and goes on writing. */
import { DatabaseSync } from "node:sqlite";
import type { Meta } from "@session-archiver/core";
import { encodeKey, sweepIndex } from "@session-archiver/core/adapter";
import { Database } from "../../src/database.js";
import { driverOf } from "../../src/driver.js";
import { MIGRATIONS } from "../../src/migrations.js";
import { migrate } from "../../src/schema.js";
import { tablesOf } from "../../src/tables.js";

export interface OldProgram {
  put(id: string, meta: Meta | string): void;
  remove(id: string): void;
  close(): void;
}

/** Makes the database if there is none. */
export async function oldProgram(file: string): Promise<OldProgram> {
  const handle = new DatabaseSync(file);
  const tables = handle.prepare("SELECT count(*) AS n FROM sqlite_master").get();
  if (tables?.["n"] === 0) {
    handle.exec("PRAGMA journal_mode = WAL");
    await migrate(new Database(driverOf(handle), "full", 0), tablesOf("sa_"), MIGRATIONS.slice(0, 3));
  }
  let versions = 0;
  return {
    put(id, meta) {
      const index = sweepIndex(typeof meta === "string" ? {} : meta);
      const json = typeof meta === "string" ? meta : JSON.stringify(meta);
      const times = [index.lastActivityMs, index.keptActivityMs, index.prunedAtMs] as const;
      const values = [`old-${++versions}`, Number(index.archived), ...times, index.archiveBytes, json, encodeKey(id)];
      const update = `UPDATE sa_objects SET version = ?, archived = ?, last_activity = ?, kept_activity = ?, pruned_at = ?,
        stored_bytes = ?, meta = ? WHERE id = ?`;
      if (handle.prepare(update).run(...values).changes === 1) return;
      const insert = `INSERT INTO sa_objects (version, archived, last_activity, kept_activity, pruned_at, stored_bytes, meta, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
      handle.prepare(insert).run(...values);
    },
    remove: (id) => void handle.prepare("DELETE FROM sa_objects WHERE id = ?").run(encodeKey(id)),
    close: () => handle.close(),
  };
}

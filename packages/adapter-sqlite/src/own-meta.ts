/** The store's own metadata: the one row of a table of its own. */
import { randomUUID } from "node:crypto";
import { ArchiverError, type OwnMeta } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { checkVersion, metaIn, toJson, versionIn } from "./stored-meta.js";
import type { Tables } from "./tables.js";

export function sqliteOwnMeta(db: Database, { own }: Tables): OwnMeta {
  const select = `SELECT version, meta FROM ${own}`;
  const insert = `INSERT INTO ${own} (version, meta, only) VALUES (?, ?, 1) ON CONFLICT (only) DO NOTHING`;
  const update = `UPDATE ${own} SET version = ?, meta = ? WHERE version = ?`;
  const name = `the store itself, in the table ${own},`;

  return {
    get(op) {
      const find = () => {
        const row = db.sql(select).get();
        return row && { version: versionIn(row, name, {}), meta: metaIn(row, name, {}) };
      };
      return db.read(find, { signal: op?.signal });
    },
    async put(meta, expected, op) {
      if (expected !== null) checkVersion(expected, {});
      const json = toJson(meta, {});
      const version = randomUUID();
      const write = (): void => {
        const rows =
          expected === null ? db.sql(insert).run(version, json) : db.sql(update).run(version, json, expected);
        if (rows === 1) return;
        const what = expected === null ? "absent" : `at version ${expected}`;
        throw new ArchiverError("CONFLICT", `The store's own metadata is not ${what}; read it again.`);
      };
      await db.write(write, { signal: op?.signal });
      return version;
    },
  };
}

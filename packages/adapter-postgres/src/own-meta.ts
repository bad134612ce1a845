/** The store's own metadata: the single row of its own table. */
import { encodeKey, type OwnMetaBackend } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { Parameters } from "./parameters.js";
import { storedIn } from "./stored-in.js";
import type { Tables } from "./tables.js";

export function postgresOwnMeta(db: Database, { own }: Tables): OwnMetaBackend {
  return {
    place: `in the table ${own}`,
    async get(call) {
      const [row] = await db.query(`SELECT version, meta FROM ${own}`, undefined, call);
      return row && storedIn(row);
    },
    async put({ version, json }, expected, call) {
      const p = new Parameters();
      const [newVersion, meta] = [p.bytes(encodeKey(version)), p.bytes(encodeKey(json))];
      const insert = `INSERT INTO ${own} (single, version, meta) VALUES (1, ${newVersion}, ${meta}) ON CONFLICT (single) DO NOTHING`;
      const update = (at: string): string =>
        `UPDATE ${own} SET version = ${newVersion}, meta = ${meta} WHERE version = ${p.bytes(encodeKey(at))}`;
      const rows = await db.query(`${expected === null ? insert : update(expected)} RETURNING 1`, p, call);
      return rows.length === 1 ? version : undefined;
    },
  };
}

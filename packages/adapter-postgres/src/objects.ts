/** Objects: one row each, under the hash of its id, the metadata as JSON in bytes. As text, and as jsonb, PostgreSQL would refuse or change some of it. */
import { encodeKey, type MetaRecord, type ObjectBackend } from "@session-archiver/core/adapter";
import { claim } from "./claims.js";
import type { Database } from "./database.js";
import { listNewest } from "./list-newest.js";
import { listObjects } from "./list-objects.js";
import { postgresOwnMeta } from "./own-meta.js";
import { Parameters } from "./parameters.js";
import { numberOf } from "./rows.js";
import { storedIn } from "./stored-in.js";
import type { Tables } from "./tables.js";

export function postgresObjects(db: Database, tables: Tables): ObjectBackend {
  const { objects } = tables;
  const at = (p: Parameters, id: string): string => `k = sha256(${p.bytes(encodeKey(id))})`;
  const versionAt = (p: Parameters, version: string): string => `version = ${p.bytes(encodeKey(version))}`;

  return {
    async get(id, call) {
      const p = new Parameters();
      const [row] = await db.query(`SELECT version, meta FROM ${objects} WHERE ${at(p, id)}`, p, call);
      return row && storedIn(row);
    },
    async put(id, record, expected, call) {
      const p = new Parameters();
      const set = columnsOf(record, p);
      const [names, values] = [Object.keys(set).join(", "), Object.values(set).join(", ")];
      const text =
        expected === null
          ? `INSERT INTO ${objects} (k, id, ${names}) SELECT sha256(id), id, ${values} FROM (SELECT ${p.bytes(encodeKey(id))} AS id) AS given
             ON CONFLICT (k) DO NOTHING RETURNING 1`
          : `UPDATE ${objects} SET (${names}) = ROW (${values}) WHERE ${at(p, id)} AND ${versionAt(p, expected)} RETURNING 1`;
      return (await db.query(text, p, call)).length === 1 ? record.version : undefined;
    },
    async delete(id, expected, call) {
      const p = new Parameters();
      const text = `DELETE FROM ${objects} WHERE ${at(p, id)} AND ${versionAt(p, expected)} RETURNING 1`;
      return (await db.query(text, p, call)).length === 1;
    },
    claim: (owner, change, ttlMs, call) => claim(db, tables, owner, change, ttlMs, call),
    list: (query, call) => listObjects(db, tables, query, call),
    listNewest: (query, call) => listNewest(db, tables, query, call),
    async archiveBytes(call) {
      const text = `SELECT coalesce(sum(stored_bytes), 0) AS bytes FROM ${objects} WHERE kept_activity IS NOT NULL`;
      return numberOf((await db.query(text, undefined, call))[0], "bytes");
    },
    ownMeta: postgresOwnMeta(db, tables),
  };
}

/** What a put writes, beside the id. */
function columnsOf({ version, json, index, listing }: MetaRecord, p: Parameters): Readonly<Record<string, string>> {
  return {
    version: p.bytes(encodeKey(version)),
    archived: p.boolean(index.archived),
    last_activity: p.number(index.lastActivityMs),
    kept_activity: p.number(index.keptActivityMs),
    pruned_at: p.number(index.prunedAtMs),
    stored_bytes: p.number(index.archiveBytes),
    // Negative, so that the newest come first where all columns run upwards.
    newest: p.number(-(listing.lastActivityMs ?? 0)),
    listing: p.bytes(listing.text === null ? null : encodeKey(listing.text)),
    meta: p.bytes(encodeKey(json)),
  };
}

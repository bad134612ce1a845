/** Claims: a row each, by the clock of the machine, which all processes on one file share. */
import { type ClaimChange, encodeKey, type KeptClaims } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import type { Tables } from "./tables.js";

export type Claiming = (owner: string, change: ClaimChange, ttlMs: number, call: Call) => Promise<KeptClaims>;

export function claimingIn(db: Database, { claims, objects }: Tables): Claiming {
  const release = `DELETE FROM ${claims} WHERE id = ? AND owner = ?`;
  const prolong = `UPDATE ${claims} SET since = ?, until = ? WHERE owner = ? AND until < ?`;
  const find = `SELECT version, meta FROM ${objects} WHERE id = ?`;
  // A clock that was set back must not keep a claim alive.
  const take = `INSERT INTO ${claims} AS c (id, owner, since, until) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, since = excluded.since, until = excluded.until
    WHERE c.owner = excluded.owner OR c.until <= excluded.since OR c.since > excluded.since`;

  return (owner, change, ttlMs, call) =>
    // A power cut may take them: nothing relies on them.
    db.writeLate(() => {
      const now = Date.now();
      const until = now + ttlMs;
      const kept: { objects: KeptClaims["objects"][number][]; held: string[] } = { objects: [], held: [] };
      for (const id of change.release) db.sql(release).run(encodeKey(id), owner);
      db.sql(prolong).run(now, until, owner, now + ttlMs / 2);
      for (const id of change.take) {
        const key = encodeKey(id);
        const row = db.sql(find).get(key);
        if (!row) continue;
        if (db.sql(take).run(key, owner, now, until) === 0) kept.held.push(id);
        else kept.objects.push({ id, version: row["version"], json: row["meta"] });
      }
      return kept;
    }, call);
}

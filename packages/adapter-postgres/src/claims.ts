/** Claims: a row each, by the server's clock, in a table that is not logged. A crash of the server empties it. */
import { type ClaimChange, encodeKey, type KeptClaims } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { nameIn } from "./rows.js";
import { storedIn } from "./stored-in.js";
import type { Tables } from "./tables.js";

/** One statement, so it leaves nothing on its connection. */
export async function claim(
  db: Database,
  { claims, objects }: Tables,
  owner: string,
  { take, release }: ClaimChange,
  ttlMs: number,
  call: Call,
): Promise<KeptClaims> {
  const p = new Parameters();
  const me = p.bytes(encodeKey(owner));
  const ttl = `${p.number(ttlMs)} * interval '1 millisecond'`;
  const hashes = (ids: readonly string[]): string => {
    const values = ids.map((id) => `(${p.bytes(encodeKey(id))})`);
    return values.length === 0
      ? "SELECT NULL::bytea AS id, NULL::bytea AS k WHERE false"
      : `SELECT id, sha256(id) AS k FROM (VALUES ${values.join(", ")}) AS given (id)`;
  };
  // Claims that others are seen to hold are left out before their rows would be waited for. All insert in one order.
  const rows = await db.query(
    `WITH taking AS MATERIALIZED (${hashes(take)}), releasing AS MATERIALIZED (${hashes(release)}),
     released AS (DELETE FROM ${claims} WHERE owner = ${me} AND k IN (SELECT k FROM releasing)),
     prolonged AS (
       UPDATE ${claims} SET until = clock_timestamp() + ${ttl}
       WHERE owner = ${me} AND until < clock_timestamp() + ${ttl} / 2
         AND k NOT IN (SELECT k FROM taking UNION ALL SELECT k FROM releasing)
     ),
     taken AS (
       INSERT INTO ${claims} AS c (k, owner, until)
       SELECT k, ${me}, clock_timestamp() + ${ttl} FROM taking
       WHERE NOT EXISTS (
         SELECT FROM ${claims} AS other WHERE other.k = taking.k AND other.owner <> ${me} AND other.until > clock_timestamp()
       )
       ORDER BY k
       ON CONFLICT (k) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
         WHERE c.owner = EXCLUDED.owner OR c.until <= clock_timestamp()
       RETURNING k
     )
     SELECT taking.id, version, meta, taken.k IS NOT NULL AS is_taken
     FROM taking JOIN ${objects} USING (k) LEFT JOIN taken USING (k)`,
    p,
    call,
  );
  const isTaken = (row: Row): boolean => row["is_taken"] === true;
  return {
    objects: rows.filter(isTaken).map((row) => ({ id: nameIn(row, "id"), ...storedIn(row) })),
    held: rows.filter((row) => !isTaken(row)).map((row) => nameIn(row, "id")),
  };
}

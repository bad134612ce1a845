/** What nothing names: rows that no later call would find, or delete. */
import type { Pool } from "pg";
import type { PostgresStore } from "../../src/index.js";

/** Ages the remains of writers that are gone, has them collected, and gives whatever is still left. Empty, if all is well. */
export async function leftovers(pool: Pool, schema: string, store: PostgresStore): Promise<readonly string[]> {
  const t = `${schema}.sa_`;
  await pool.query(`UPDATE ${t}loose SET seen_at = seen_at - interval '1 hour'`);
  await store.collectOrphans();
  const rows = async (text: string): Promise<readonly string[]> => {
    return (await pool.query(text)).rows.map((row) => JSON.stringify(row));
  };
  const chunks = (table: string, heads: string) => `SELECT '${table}' AS table, stream, count(*), max(end_at) AS size
    FROM ${t}${table} WHERE stream NOT IN (SELECT stream FROM ${t}${heads}) GROUP BY stream`;
  const wrong = (table: string, heads: string) => `SELECT '${heads}' AS table, stream, size FROM ${t}${heads} AS head
    WHERE size <> (SELECT coalesce(sum(octet_length(bytes)), 0) FROM ${t}${table} AS c WHERE c.stream = head.stream)`;
  return [
    ...(await rows(`SELECT * FROM ${t}loose`)),
    ...(await rows(chunks("blob_chunks", "blobs"))),
    ...(await rows(chunks("archive_chunks", "archives"))),
    ...(await rows(wrong("blob_chunks", "blobs"))),
    ...(await rows(wrong("archive_chunks", "archives"))),
  ];
}

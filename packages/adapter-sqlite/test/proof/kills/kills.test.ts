/** `kill -9` at random moments, on real sessions in a real database. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { DatabaseSync } from "node:sqlite";
import { defineKillTests } from "@session-archiver/test-kit/fault-tests";
import { openSqlite } from "../../../src/index.js";
import { databaseIn } from "./store.js";

/** Ages the remains of crashed processes. Then the next opening deletes them, and every remaining row is in use. */
async function leftovers(directory: string): Promise<readonly string[]> {
  const file = databaseIn(directory);
  const db = new DatabaseSync(file);
  try {
    db.exec("UPDATE sa_loose SET seen_at = seen_at - 3600000");
    await (await openSqlite(file)).close();
    const rows = (sql: string): readonly string[] =>
      db
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row));
    return [
      ...rows("SELECT * FROM sa_loose"),
      ...rows(`SELECT DISTINCT stream FROM sa_chunks WHERE stream NOT IN
        (SELECT stream FROM sa_blobs UNION SELECT stream FROM sa_archives)`),
      ...rows("PRAGMA integrity_check").filter((row) => row !== '{"integrity_check":"ok"}'),
    ];
  } finally {
    db.close();
  }
}

defineKillTests({
  open: new URL("store.ts", import.meta.url).href,
  leftovers,
  // `adapter-fs` runs the other two, which are found as fast.
  weaknesses: ["acknowledges an append early", "deletes before the commit"],
});

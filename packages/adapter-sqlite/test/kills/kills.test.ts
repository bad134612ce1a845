/** `kill -9` at random moments, on real sessions in a real database. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { DatabaseSync } from "node:sqlite";
import { KILLS, runKills } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { databaseIn } from "./store.js";

const OPEN = new URL("store.ts", import.meta.url).href;
if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

/** Ages what crashed processes left; then the next opening clears it away, and every row is somebody's. */
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

test(
  `${KILLS} kills lose no acknowledged byte and leave nothing behind`,
  async () => {
    const report = await runKills({ open: OPEN, kills: KILLS, leftovers });
    console.info(JSON.stringify(report));
    expect(report.kills).toBeGreaterThanOrEqual(KILLS);
    expect(report.checks).toBeGreaterThan(KILLS / 2);
  },
  KILLS * 1000 + 60_000,
);

// The other weaknesses are told as fast; \`adapter-fs\` runs them.
test.each(["acknowledges an append early", "deletes before the commit"] as const)(
  "kills tell a store that %s",
  async (weakness) => {
    await expect(runKills({ open: OPEN, kills: 400, leftovers, weakness })).rejects.toThrow(/is wrong|: CORRUPT/);
  },
  120_000,
);

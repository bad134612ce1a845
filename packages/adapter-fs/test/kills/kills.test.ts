/** `kill -9` at random moments, on real sessions in real files. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { mkdir, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { KILLS, runKills } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { openFs } from "../../src/index.js";

const OPEN = new URL("store.ts", import.meta.url).href;
const DAYS_MS = 2 * 24 * 60 * 60 * 1000;
if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

/** Ages what crashed processes left in the staging areas; then the next writer clears it away. */
async function leftovers(directory: string): Promise<readonly string[]> {
  const areas = [join(directory, "store", ".staging"), join(directory, "archives", ".staging")];
  const past = new Date(Date.now() - DAYS_MS);
  for (const area of areas) {
    await mkdir(area, { recursive: true });
    for (const name of await readdir(area)) await utimes(join(area, name), past, past);
  }
  await using store = openFs(directory);
  const ref = await store.blobs.create({ id: "last", name: "output" }, "1", bytesOf());
  await store.blobs.delete(ref);
  await store.archives.put("last", bytesOf());
  await store.archives.delete("last");
  const found = await Promise.all(areas.map((area) => readdir(area)));
  return found.flat();
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

// The other weaknesses are told as fast; \`adapter-sqlite\` runs them.
test.each(["appends in two halves", "shows a blob before it is whole"] as const)(
  "kills tell a store that %s",
  async (weakness) => {
    await expect(runKills({ open: OPEN, kills: 400, leftovers, weakness })).rejects.toThrow(/is wrong|: CORRUPT/);
  },
  120_000,
);

/** `kill -9` at random moments, on real sessions in real files. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { mkdir, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { defineKillTests } from "@session-archiver/test-kit/fault-tests";
import { openFs } from "../../../src/index.js";

const DAYS_MS = 2 * 24 * 60 * 60 * 1000;

/** Makes what crashed processes left in the staging areas look old, so that the next writer removes it. */
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

defineKillTests({
  open: new URL("store.ts", import.meta.url).href,
  leftovers,
  // The other two are found as fast: `adapter-sqlite` runs them.
  weaknesses: ["appends in two halves", "shows a blob before it is whole"],
});

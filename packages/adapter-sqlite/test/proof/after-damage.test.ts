/** A read after a damaged one gives what it would give alone. */
import { readFileSync, writeFileSync } from "node:fs";
import { bytesOf, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { databaseFile, openPath } from "../support/stores.js";

const IDS = Array.from({ length: 40 }, (_, i) => `s${i}`);

/** A file with a page of noise among the pages of the sessions' bytes. */
async function torn(): Promise<string> {
  const file = databaseFile();
  const { store, close } = await openPath(file);
  for (const [i, id] of IDS.entries()) {
    await store.blobs.create({ id, name: "output" }, "g", bytesOf(new Uint8Array(3900).fill(65 + i)));
  }
  await close();
  const bytes = readFileSync(file);
  const at = bytes.indexOf("T".repeat(1000)); // those of the twentieth
  bytes.fill(0xa5, at - (at % 4096), at - (at % 4096) + 4096);
  writeFileSync(file, bytes);
  return file;
}

async function readableIn(file: string, ids: readonly string[]): Promise<readonly string[]> {
  const { store, close } = await openPath(file);
  const found: string[] = [];
  for (const id of ids) {
    const ref = await store.blobs.stat({ id, name: "output" });
    const read = ref && toBytes(store.blobs.read(ref));
    if (await read?.then(({ length }) => length === 3900).catch(() => false)) found.push(id);
  }
  await close();
  return found;
}

test("sessions that are read after a damaged one are as whole as if they were read alone", async () => {
  const file = await torn();
  const whole = (await Promise.all(IDS.map((id) => readableIn(file, [id])))).flat();
  const damaged = IDS.filter((id) => !whole.includes(id));
  expect(damaged.length).toBeGreaterThan(0);
  for (const id of damaged) expect(await readableIn(file, [id, ...whole])).toEqual(whole);
});

/** Damage of a database's structure is found, and a look changes nothing. */
import { copyFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { expect, onTestFinished, test } from "vitest";
import { findDamage, openSqlite } from "../src/index.js";

async function newDatabase(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "find-damage-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "sessions.db");
  await using store = await openSqlite(path);
  for (let i = 0; i < 50; i++) {
    await store.objects.put(`s${i}`, { title: "x".repeat(200) }, null);
    await store.blobs.create({ id: `s${i}`, name: "output" }, "1", bytesOf(Buffer.alloc(5000, i)));
  }
  return { folder, path };
}

test("a whole database has none, also while it is open; no file is left beside it", async () => {
  const { folder, path } = await newDatabase();
  const { mtimeMs } = await stat(path);
  expect(await findDamage(path)).toBeUndefined();
  expect(await readdir(folder)).toEqual(["sessions.db"]);
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  await using store = await openSqlite(path);
  await store.objects.put("more", {}, null);
  expect(await findDamage(path)).toBeUndefined();
});

test("torn pages, and a file that is no database", async () => {
  const { folder, path } = await newDatabase();
  const torn = join(folder, "torn.db");
  await copyFile(path, torn);
  const file = await open(torn, "r+");
  await file.write(Buffer.alloc(40_000, 0xa5), 0, 40_000, 4096);
  await file.close();
  expect(await findDamage(torn)).toMatch(/./);
  const none = join(folder, "none.db");
  await writeFile(none, "not a database\n".repeat(1000));
  expect(await findDamage(none)).toMatch(/no SQLite database|not a database/);
  await expect(findDamage(join(folder, "missing.db"))).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("an index that has another id than the row", async () => {
  const { folder, path } = await newDatabase();
  const bytes = await readFile(path);
  const changed = join(folder, "changed.db");
  const said: (string | undefined)[] = [];
  for (let at = bytes.indexOf("s37"); at >= 0; at = bytes.indexOf("s37", at + 1)) {
    await writeFile(changed, bytes.with(at + 2, "6".charCodeAt(0)));
    said.push(await findDamage(changed));
  }
  expect(said).toContainEqual(expect.stringContaining("missing from index"));
});

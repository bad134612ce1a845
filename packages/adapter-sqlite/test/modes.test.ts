/** A database and the files beside it are for their owner only, under any umask. */
import { chmodSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../src/index.js";
import { databaseFile } from "./support/stores.js";

function umask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

function modesBeside(file: string): Readonly<Record<string, string>> {
  const folder = dirname(file);
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
  );
}

const onPosix = test.skipIf(process.platform === "win32");

onPosix.each([0o000, 0o022])("the database and its log, under umask %o", async (mask) => {
  umask(mask);
  const file = databaseFile();
  await using store = await openSqlite(file);
  await store.objects.put("a", {}, null);
  expect(modesBeside(file)).toEqual({ "sessions.db": "600", "sessions.db-wal": "600", "sessions.db-shm": "600" });
});

onPosix("a rollback journal", async () => {
  umask(0);
  const file = databaseFile();
  await (await openSqlite(file)).close();
  const handle = new DatabaseSync(file);
  handle.exec("PRAGMA journal_mode = DELETE; BEGIN; CREATE TABLE more (x)");
  expect(modesBeside(file)).toEqual({ "sessions.db": "600", "sessions.db-journal": "600" });
  handle.exec("ROLLBACK");
  handle.close();
});

onPosix.each([
  ["an absolute URI", (file: string) => pathToFileURL(file).href],
  ["a URI with a host and a query", (file: string) => `file://localhost${file}?cache=private`],
  ["a URI without slashes", (file: string) => `file:${file.replace("db", "%64b")}`],
])("a database named by %s", async (_, uri) => {
  umask(0);
  const file = databaseFile();
  await using store = await openSqlite(uri(file));
  await store.objects.put("a", {}, null);
  expect(new Set(Object.values(modesBeside(file)))).toEqual(new Set(["600"]));
  expect(readdirSync(dirname(file))).toContain("sessions.db");
});

test.each(["memory", "rw", "ro"])("a URI with mode=%s makes no file", async (mode) => {
  const file = databaseFile();
  const opening = openSqlite(`${pathToFileURL(file).href}?mode=${mode}`);
  if (mode === "memory") await (await opening).close();
  else await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(readdirSync(dirname(file))).toEqual([]);
});

onPosix("an existing database keeps its mode", async () => {
  const file = databaseFile();
  await (await openSqlite(file)).close();
  chmodSync(file, 0o640);
  await using store = await openSqlite(file);
  await store.objects.put("a", {}, null);
  expect(modesBeside(file)).toEqual({ "sessions.db": "640", "sessions.db-wal": "640", "sessions.db-shm": "640" });
});

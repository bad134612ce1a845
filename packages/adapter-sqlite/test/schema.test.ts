import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Meta, ObjectQuery } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { Database } from "../src/database.js";
import { driverOf } from "../src/driver.js";
import { openSqlite, type SqliteOptions } from "../src/index.js";
import { MIGRATIONS, type Migration } from "../src/migrations.js";
import { migrate } from "../src/schema.js";
import { tablesOf } from "../src/tables.js";
import { count, databaseFile, openPath, rowsOf, tamper } from "./support/stores.js";

const tables = tablesOf("sa_");
const later: readonly Migration[] = [
  ...MIGRATIONS,
  (db, t) => db.exec(`ALTER TABLE ${t.objects} ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0`),
  (db, t) => db.sql(`UPDATE ${t.objects} SET pinned = 1 WHERE json_extract(meta, '$.pinned')`).run(),
];

async function migrateFile(file: string, migrations: readonly Migration[]): Promise<void> {
  const handle = new DatabaseSync(file);
  try {
    await migrate(new Database(driverOf(handle), "full", 0), tables, migrations);
  } finally {
    handle.close();
  }
}

async function storeWithObjects(): Promise<string> {
  const file = databaseFile();
  const { store, close } = await openPath(file);
  await store.objects.put("a", { pinned: true }, null);
  await store.objects.put("b", {}, null);
  await close();
  return file;
}

const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

test("a store of an older version is brought up to date with its data", async () => {
  const file = await storeWithObjects();
  await migrateFile(file, later);
  expect(count(file, "SELECT value FROM sa_meta WHERE key = 'schema'")).toBe(later.length);
  expect(rowsOf(file, "SELECT CAST(id AS TEXT) AS id, pinned FROM sa_objects")).toEqual([
    { id: "a", pinned: 1 },
    { id: "b", pinned: 0 },
  ]);
  await migrateFile(file, later);
});

test("a store made before archives were indexed gets index and sum from its metadata", async () => {
  const file = databaseFile();
  await migrateFile(file, MIGRATIONS.slice(0, 1));
  const metas: readonly Meta[] = [
    {},
    { [KEY.archivedAt]: 20, [KEY.archiveBytes]: 100 },
    { [KEY.archivedAt]: 10, [KEY.archiveBytes]: 1000, [KEY.resumedAt]: 30 },
    { [KEY.archivedAt]: 10, [KEY.archiveBytes]: 5, [KEY.prunedAt]: 40 },
    { [KEY.archivedAt]: 15, [KEY.archiveBytes]: "7" },
  ];
  const insert = (meta: string, n: number): string =>
    `INSERT INTO sa_objects VALUES (CAST('s${n}' AS BLOB), 'v', 0, NULL, '${meta}')`;
  tamper(file, [...metas.map((meta) => JSON.stringify(meta)), "{damaged"].map(insert).join("; "));
  const { store, close } = await openPath(file);
  expect(await store.objects.archiveBytes?.()).toBe(1100);
  const idsOf = async (query: ObjectQuery) => (await all(store.objects.list(query))).map(({ id }) => id);
  expect(await idsOf({ oldestArchivesLimit: 1 })).toEqual(["s2"]);
  expect(await idsOf({ oldestArchivesLimit: 9 })).toEqual(["s1", "s2", "s4"]);
  expect(await idsOf({ prunedBefore: 40 })).toEqual(["s3"]);
  await expect(store.objects.get("s5")).rejects.toMatchObject({ code: "CORRUPT" });
  await close();
});

test("a failed migration leaves the store unchanged, and undoes all migrations before it", async () => {
  const file = await storeWithObjects();
  const broken = [...later, (db: Database) => db.exec("UPDATE no_such_table SET x = 1")];
  await expect(migrateFile(file, broken)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(count(file, "SELECT value FROM sa_meta WHERE key = 'schema'")).toBe(MIGRATIONS.length);
  expect(count(file, "SELECT count(*) FROM pragma_table_info('sa_objects') WHERE name = 'pinned'")).toBe(0);
  const { store, close } = await openPath(file);
  expect(await store.objects.get("a")).toMatchObject({ meta: { pinned: true } });
  await close();
});

test("a store of a newer version is refused, and not touched", async () => {
  const file = await storeWithObjects();
  await migrateFile(file, later);
  tamper(file, "PRAGMA journal_mode = DELETE");
  const before = hashOf(file);
  await expect(openSqlite(file)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(/schema 7 .* knows 5/),
  });
  expect(hashOf(file)).toBe(before);
});

test("a file that is no database is refused as CORRUPT, and not touched", async () => {
  const file = databaseFile();
  writeFileSync(file, "a diary, not a database\n".repeat(1000));
  const before = hashOf(file);
  await expect(openSqlite(file)).rejects.toMatchObject({ code: "CORRUPT" });
  expect(hashOf(file)).toBe(before);
});

test("a path that can't be opened is UNAVAILABLE", async () => {
  await expect(openSqlite(`${databaseFile()}/no/such/folder`)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("stores with different prefixes share a file and nothing else", async () => {
  const file = databaseFile();
  const one = await openSqlite(file, { prefix: "one_" });
  const two = await openSqlite(file, { prefix: "two_" });
  await one.objects.put("a", { of: "one" }, null);
  await two.objects.put("a", { of: "two" }, null);
  expect(await one.objects.get("a")).toMatchObject({ meta: { of: "one" } });
  expect(await two.objects.get("a")).toMatchObject({ meta: { of: "two" } });
  await one.close();
  await two.close();
});

test.each<[string, unknown, unknown]>([
  ["a prefix with a quote", ":memory:", { prefix: 'a"; DROP TABLE x; --' }],
  ["an empty prefix", ":memory:", { prefix: "" }],
  ["a prefix that begins with a digit", ":memory:", { prefix: "1a" }],
  ["SQLite's own prefix", ":memory:", { prefix: "SQLITE_x" }],
  ["a prefix that is no text", ":memory:", { prefix: 7 }],
  ["a negative busy timeout", ":memory:", { busyTimeoutMs: -1 }],
  ["an unknown synchronous", ":memory:", { synchronous: "off" }],
  ["an empty path", "", {}],
  ["no database at all", undefined, {}],
])("%s is INVALID_ARGUMENT", async (_, target, options) => {
  await expect(openSqlite(target as string, options as SqliteOptions)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
});

/** A database of schema 2, in which archives were indexed by the time when they were made, is brought to this schema. */
import { DatabaseSync } from "node:sqlite";
import type { ObjectQuery } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { Database } from "../src/database.js";
import { driverOf } from "../src/driver.js";
import { MIGRATIONS } from "../src/migrations.js";
import { migrate } from "../src/schema.js";
import { tablesOf } from "../src/tables.js";
import { makeSchema2, type Row2 } from "./support/schema-2.js";
import { count, databaseFile, openPath, rowsOf, tamper, ways } from "./support/stores.js";

function archivedRow(id: string, archivedAt: number, lastActivity: number | null, more: Partial<Row2> = {}): Row2 {
  const storedBytes = 100;
  const meta = {
    [KEY.archivedAt]: archivedAt,
    [KEY.archiveBytes]: storedBytes,
    ...(lastActivity === null ? {} : { [KEY.lastActivity]: lastActivity }),
  };
  const row: Row2 = { id, archived: 1, lastActivity, archivedAt, prunedAt: null, storedBytes, meta, ...more };
  return typeof more.meta === "object" ? { ...row, meta: { ...meta, ...more.meta } } : row;
}

/** Sessions in the order in which they were archived. Their last activity has another order. */
const ROWS: readonly Row2[] = [
  { id: "live", archived: 0, lastActivity: 1, archivedAt: null, prunedAt: null, storedBytes: 0, meta: {} },
  archivedRow("1 active late", 1000, 900),
  archivedRow("2 active early", 1001, 100),
  archivedRow("3 resumed", 1002, 300, { archived: 0, meta: { [KEY.resumedAt]: 1500 } }),
  archivedRow("4 settling", 1003, 200, { archived: 0, lastActivity: 0, meta: { [KEY.settlingAt]: 1003 } }),
  archivedRow("5 unknown", 1004, null),
  archivedRow("6 pruned", 1005, 50, {
    archivedAt: null,
    prunedAt: 2000,
    storedBytes: 0,
    meta: { [KEY.prunedAt]: 2000 },
  }),
  archivedRow("7 in ns", 1006, 1_800_000_000_000_000_000),
  archivedRow("8 damaged", 1007, 400, { meta: "{" }),
  archivedRow("9 no object", 1008, 400, { meta: "null" }),
];

const KEPT = {
  "2 active early": 100,
  "4 settling": 200,
  "3 resumed": 300,
  "1 active late": 900,
  "5 unknown": 1004,
  "8 damaged": 1007,
  "9 no object": 1008,
  "7 in ns": 1_800_000_000_000_000_000,
};

describe.each(ways)("through %s", (_, open) => {
  test("a database of schema 2 gives the right oldest archives, and keeps everything else", async () => {
    const file = databaseFile();
    makeSchema2(file, ROWS);
    const skipped: Error[] = [];
    const { store, close } = await open(file, { onSkipped: (error) => skipped.push(error) });
    const idsOf = async (query: ObjectQuery) => (await all(store.objects.list(query))).map(({ id }) => id).sort();
    expect(await idsOf({ oldestArchivesLimit: 1 })).toEqual(["2 active early"]);
    expect(await idsOf({ oldestArchivesLimit: 3 })).toEqual(["2 active early", "3 resumed", "4 settling"]);
    expect(skipped).toEqual([]);
    expect(await idsOf({ oldestArchivesLimit: 100 })).toHaveLength(6);
    expect(skipped).toMatchObject([{ id: "8 damaged" }, { id: "9 no object" }]);
    expect(await idsOf({ prunedBefore: 2000 })).toEqual(["6 pruned"]);
    expect(await store.objects.archiveBytes?.()).toBe(800);
    expect(await store.objects.get("3 resumed")).toMatchObject({
      version: "v-3 resumed",
      meta: { [KEY.resumedAt]: 1500 },
    });
    await expect(store.objects.get("9 no object")).rejects.toMatchObject({ code: "CORRUPT" });

    expect(await store.objects.ownMeta?.get()).toBeUndefined();
    await store.objects.ownMeta?.put({ id: "own" }, null);
    const { version, meta } = (await store.objects.get("2 active early")) ?? expect.fail();
    await store.objects.put("2 active early", { ...meta, [KEY.lastActivity]: 950 }, version);
    expect(await idsOf({ oldestArchivesLimit: 1 })).toEqual(["4 settling"]);
    await close();
  });
});

test("its index then holds the last activity, and nothing of the old one is left", async () => {
  const file = databaseFile();
  makeSchema2(file, ROWS);
  await (await openPath(file)).close();
  const kept = rowsOf(
    file,
    `SELECT CAST(id AS TEXT) AS id, CAST(kept_activity AS REAL) AS at FROM sa_objects INDEXED BY sa_objects_kept
      WHERE kept_activity IS NOT NULL ORDER BY kept_activity`,
  );
  expect(kept).toEqual(Object.entries(KEPT).map(([id, at]) => ({ id, at })));
  expect(count(file, "SELECT count(*) FROM pragma_table_info('sa_objects') WHERE name = 'archived_at'")).toBe(0);
  expect(rowsOf(file, "SELECT sql FROM sqlite_master WHERE name = 'sa_objects_kept'")).toEqual([
    { sql: expect.stringMatching(/\(kept_activity, id\) WHERE kept_activity IS NOT NULL/) },
  ]);
  expect(rowsOf(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

test("a package that knows schema 2 refuses this one, and changes nothing", async () => {
  const file = databaseFile();
  const { store, close } = await openPath(file);
  await store.objects.put("a", {}, null);
  await close();
  const handle = new DatabaseSync(file);
  const older = MIGRATIONS.slice(0, 2);
  await expect(migrate(new Database(driverOf(handle), "full", 0), tablesOf("sa_"), older)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "The database has schema 5 and this package knows 2. Nothing was changed; update it.",
  });
  handle.close();
  expect(count(file, "SELECT value FROM sa_meta WHERE key = 'schema'")).toBe(5);
});

test("a value that is not a time, written by hand, hides no other archive", async () => {
  for (const value of ["'text'", "x'ff'", "9e999", "-9e999", "9223372036854775807"]) {
    const file = databaseFile();
    const { store, close } = await openPath(file);
    for (const [id, at] of Object.entries({ a: 10, b: 20, c: 30 })) {
      await store.objects.put(id, { [KEY.archivedAt]: 1, [KEY.lastActivity]: at }, null);
    }
    tamper(file, `UPDATE sa_objects SET kept_activity = ${value} WHERE id = x'62'`);
    for (const oldestArchivesLimit of [1, 2, 3, 4]) {
      const ids = (await all(store.objects.list({ oldestArchivesLimit: oldestArchivesLimit }))).map(({ id }) => id);
      expect(ids).toContain(value === "-9e999" && oldestArchivesLimit === 1 ? "b" : "a");
      if (oldestArchivesLimit > 2) expect(ids).toContain("c");
    }
    await close();
  }
});

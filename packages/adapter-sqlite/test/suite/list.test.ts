import type { Meta, ObjectQuery, StoredObject } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { selectionOf } from "../../src/object-ids.js";
import { tablesOf } from "../../src/tables.js";
import { newStore, rowsOf, tamper, ways } from "../support/stores.js";

async function idsOf(listing: AsyncIterable<StoredObject>): Promise<string[]> {
  return (await all(listing)).map(({ id }) => id);
}

const idle = (at: number): Meta => ({ [KEY.lastActivity]: at });

/** Inserts many objects at once, as `put` would store them. Their last activity is `n % 10` seconds. */
function insertObjects(file: string, number: number): void {
  tamper(
    file,
    `
      WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${number - 1})
      INSERT INTO sa_objects (id, version, archived, last_activity, meta)
      SELECT CAST(printf('s%06d', n) AS BLOB), 'v' || n, 0, 1000 * (1 + n % 10),
        json_object('${KEY.lastActivity}', 1000 * (1 + n % 10)) FROM n`,
  );
}

test.each<[string, ObjectQuery, RegExp]>([
  [
    "the idle, unarchived",
    { archived: false, lastActiveBefore: 5 },
    /^SEARCH .*INDEX sa_objects_sweep \(archived=\? AND last_activity<\?\)/,
  ],
  ["the idle", { lastActiveBefore: 5 }, /^SEARCH .*INDEX sa_objects_sweep \(archived=\? AND last_activity<\?\)/],
  ["the archived", { archived: true }, /^SEARCH .*INDEX sa_objects_sweep \(archived=\?\)/],
  ["tombstones", { prunedBefore: 5 }, /^SEARCH .*INDEX sa_objects_pruned \(pruned_at<\?\)/],
  ["the oldest archives", { oldestArchivesLimit: 5 }, /^SEARCH .*INDEX sa_objects_kept \(kept_activity<\?\)/],
])("listing %s looks them up in the index", async (_, query, plan) => {
  const { file } = await newStore();
  const found = selectionOf(tablesOf("sa_"), query);
  for (const sql of [found?.count, found?.page]) {
    const steps = rowsOf(file, `EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row["detail"]));
    expect(steps.filter((step) => /objects/.test(step))).toEqual([expect.stringMatching(plan)]);
    expect(steps.join()).not.toMatch(/SCAN sa_objects/);
  }
});

test("listing a prefix looks it up by the primary key", async () => {
  const { file } = await newStore();
  const sql = "SELECT id FROM sa_objects WHERE id >= ? AND id < ? ORDER BY id LIMIT 1000";
  const [step] = rowsOf(file, `EXPLAIN QUERY PLAN ${sql}`);
  expect(step?.["detail"]).toMatch(/^SEARCH sa_objects USING COVERING INDEX .*\(id>\? AND id<\?\)/);
});

describe.each(ways)("through %s", (_, open) => {
  // Uses the index for few matches, the ids for many.
  test.each([2500, 30_000])("a listing of %i objects is complete, page after page", async (number) => {
    const { store, file } = await newStore(open);
    insertObjects(file, number);
    const all = await idsOf(store.objects.list());
    expect(all).toHaveLength(number);
    expect(new Set(all).size).toBe(number);
    const query = { archived: false, lastActiveBefore: 9000 };
    expect(await idsOf(store.objects.list(query))).toEqual(all.filter((id) => Number(id.slice(1)) % 10 < 9));
    expect(await idsOf(store.objects.list({ ...query, prefix: "s0000" }))).toEqual(
      all.slice(0, 100).filter((id) => Number(id.slice(1)) % 10 < 9),
    );
    expect(await idsOf(store.objects.list({ archived: true }))).toEqual([]);
  });

  test("a caller may write all objects while it lists them, and meets each once", async () => {
    const { store, file } = await newStore(open);
    insertObjects(file, 2500);
    const met: string[] = [];
    for await (const { id } of store.objects.list({ lastActiveBefore: 10_000 })) {
      met.push(id);
      // Moves other objects in the index, to before and after the listed one.
      const other = `s${String((met.length * 1237) % 2500).padStart(6, "0")}`;
      const found = await store.objects.get(other);
      await store.objects.put(other, idle(1 + ((met.length * 7919) % 10_000)), found?.version ?? null);
    }
    expect(met).toHaveLength(2500);
    expect(new Set(met).size).toBe(2500);
  });

  test("a waiting listing holds no lock: the log can be written back and the table rewritten", async () => {
    const { store, file } = await newStore(open);
    insertObjects(file, 1500);
    const listing = store.objects.list()[Symbol.asyncIterator]();
    await listing.next();
    expect(rowsOf(file, "PRAGMA wal_checkpoint(TRUNCATE)")).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
    tamper(file, "CREATE TABLE unrelated (x)");
    await listing.return?.();
  });
});

test("a prefix that ends inside a surrogate pair is a prefix of text all the same", async () => {
  const { store } = await newStore();
  for (const id of ["\u{1F600}a", "\u{1F601}", "\u{10FFFF}", "plain"]) {
    await store.objects.put(id, {}, null);
    await store.archives.put(id, (async function* () {})());
  }
  const prefix = "\u{1F600}".slice(0, 1);
  const expected = ["\u{1F600}a", "\u{1F601}"];
  expect(await idsOf(store.objects.list({ prefix }))).toEqual(expected);
  expect((await all(store.archives.list(prefix))).map(({ key }) => key)).toEqual(expected);
});

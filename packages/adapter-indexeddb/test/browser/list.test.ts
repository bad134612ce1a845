/** Listings of objects cost what they give, and know every corner of the names. */

import type { Meta } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { expect, test, vi } from "vitest";
import { all } from "./support/bytes.js";
import { newStore, raw } from "./support/stores.js";

/** Fills in rows by hand: one transaction instead of one for each. */
async function fill(name: string, rows: readonly { id: string; archived: 0 | 1; lastActivity: number; meta: Meta }[]) {
  await raw(name, async (db) => {
    const tx = db.transaction("objects", "readwrite");
    for (const { meta, ...row } of rows) void tx.store.put({ ...row, version: "v", json: JSON.stringify(meta) });
    await tx.done;
  });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const archived = (n: number) =>
  ({
    id: `archived ${n}`,
    archived: 1,
    lastActivity: 5,
    meta: { [KEY.archivedAt]: 9, [KEY.lastActivity]: 5 },
  }) as const;
const live = (n: number, at: number) =>
  ({ id: `live ${n}`, archived: 0, lastActivity: at, meta: { [KEY.lastActivity]: at } }) as const;

test("a sweep's query looks at what it gives, not at what the store holds", async () => {
  const { store, name } = await newStore();
  await fill(name, [...upTo(3000).map(archived), ...upTo(3000).map((n) => live(n, n < 7 ? 100 : 900))]);
  const get = vi.spyOn(IDBObjectStore.prototype, "get");
  try {
    const ids = (await all(store.objects.list({ archived: false, lastActiveBefore: 100 }))).map(({ id }) => id);
    expect(ids.sort()).toEqual(upTo(7).map((n) => `live ${n}`));
    expect(get.mock.calls.length).toBe(7);
  } finally {
    get.mockRestore();
  }
});

test("more matches than the index is asked for come from a walk over all", async () => {
  const { store, name } = await newStore();
  await fill(name, [...upTo(50).map(archived), ...upTo(20_001).map((n) => live(n, 100))]);
  let count = 0;
  for await (const { id } of store.objects.list({ archived: false })) {
    count++;
    expect(id.startsWith("live")).toBe(true);
  }
  expect(count).toBe(20_001);
});

test("sessions whose activity is unknown are in no listing by time, but in one by state", async () => {
  const { store } = await newStore();
  await store.objects.put("unknown", {}, null);
  await store.objects.put("known", { [KEY.lastActivity]: 5 }, null);
  const ids = async (query: object): Promise<string[]> =>
    (await all(store.objects.list(query))).map(({ id }) => id).sort();
  expect(await ids({ archived: false })).toEqual(["known", "unknown"]);
  expect(await ids({ lastActiveBefore: 5 })).toEqual(["known"]);
  expect(await ids({ lastActiveBefore: 4 })).toEqual([]);
  expect(await ids({ lastActiveBefore: Number.POSITIVE_INFINITY })).toEqual(["known"]);
  expect(await ids({ lastActiveBefore: Number.NaN })).toEqual([]);
});

test("a prefix is a prefix of UTF-16 units, at the end of what they can be and inside a pair", async () => {
  const { store } = await newStore();
  const ids = ["a", "ab", "a\uffff", "a\uffff\uffffb", "b", "\uffff", "\uffff\uffff", "😀", "😁", "\ue000"];
  for (const id of ids) {
    await store.objects.put(id, {}, null);
    await store.archives.put(id, (async function* () {})());
  }
  for (const prefix of ["", "a", "a\uffff", "\uffff", "\uffff\uffff", "😀".slice(0, 1), "😀", "b", "c"]) {
    const expected = ids.filter((id) => id.startsWith(prefix)).sort();
    expect((await all(store.objects.list({ prefix }))).map(({ id }) => id).sort()).toEqual(expected);
    expect((await all(store.objects.list({ prefix, archived: false }))).map(({ id }) => id).sort()).toEqual(expected);
    expect((await all(store.archives.list(prefix))).map(({ key }) => key).sort()).toEqual(expected);
  }
});

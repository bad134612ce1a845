/** Rows that somebody has edited by hand, or that the browser can't read any more: the others are whole. */
import { KEY } from "@session-archiver/core/adapter";
import { expect, onTestFinished, test, vi } from "vitest";
import type { IndexedDbStore } from "../../src/index.js";
import { all } from "./support/bytes.js";
import { newStore, open, raw } from "./support/stores.js";

const ROW = { id: "bad", version: "v", archived: 0, lastActivity: 5 };

async function idsOf(store: IndexedDbStore, query?: object): Promise<string[]> {
  return (await all(store.objects.list(query))).map(({ id }) => id).sort();
}

test.each([
  { ...ROW, json: "{" },
  { ...ROW, json: "null" },
  { ...ROW, json: "[]" },
  { ...ROW, json: 7 },
  { ...ROW },
  { ...ROW, version: 7, json: "{}" },
])("a row like %j is CORRUPT, and hides no other, whatever is listed", async (row) => {
  const skipped: Error[] = [];
  const { store, name } = await newStore({ onSkipped: (error) => skipped.push(error) });
  for (const id of ["a", "bad", "c"]) await store.objects.put(id, { [KEY.lastActivity]: 5 }, null);
  await raw(name, (db) => db.put("objects", row));
  for (const query of [undefined, { archived: false, lastActiveBefore: 5 }]) {
    expect(await idsOf(store, query)).toEqual(["a", "c"]);
    expect(skipped.splice(0)).toMatchObject([{ code: "CORRUPT", id: "bad" }]);
  }
  await expect(store.objects.get("bad")).rejects.toMatchObject({ code: "CORRUPT", id: "bad" });
});

test("an id that is no text is told, and hides no other", async () => {
  const skipped: Error[] = [];
  const { store, name } = await newStore({ onSkipped: (error) => skipped.push(error) });
  await store.objects.put("a", {}, null);
  await raw(name, (db) => db.put("objects", { ...ROW, id: 7, json: "{}" }));
  await raw(name, (db) => db.put("objects", { ...ROW, id: ["a"], json: "{}" }));
  expect(await idsOf(store)).toEqual(["a"]);
  expect(await idsOf(store, { archived: false, prefix: "a" })).toEqual(["a"]);
  for (const error of skipped) expect(error).toMatchObject({ code: "CORRUPT" });
  expect(skipped.length).toBeGreaterThan(0);
});

/** As Chromium does where the file of a value is gone. */
function cannotRead(id: string): void {
  const { get } = IDBObjectStore.prototype;
  const spy = vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (this: IDBObjectStore, key) {
    if (key === id) throw new DOMException("Data lost due to missing file.", "NotReadableError");
    return get.call(this, key);
  });
  onTestFinished(() => spy.mockRestore());
}

test("a row that the browser itself can't read takes no other of its page along", async () => {
  const skipped: Error[] = [];
  const { store } = await newStore({ onSkipped: (error) => skipped.push(error) });
  const ids = Array.from({ length: 120 }, (_, n) => `s${String(n).padStart(3, "0")}`);
  for (const id of ids) await store.objects.put(id, {}, null);
  cannotRead("s060");
  expect(await idsOf(store)).toEqual(ids.filter((id) => id !== "s060"));
  expect(skipped).toMatchObject([{ code: "CORRUPT", id: "s060" }]);
  await expect(store.objects.get("s060")).rejects.toMatchObject({ code: "CORRUPT", id: "s060" });
});

test("by default the console tells of a row that is left out", async () => {
  const { store, name } = await newStore();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  await raw(name, (db) => db.put("objects", { ...ROW, json: "{" }));
  expect(await idsOf(store)).toEqual([]);
  expect(warn.mock.calls).toMatchObject([[{ code: "CORRUPT", id: "bad" }]]);
});

test.each([{ version: "v", json: "{" }, { version: "v", json: "null" }, { version: 7, json: "{}" }, "text", {}])(
  "own metadata like %j is CORRUPT, says where it stands, and disturbs nothing else",
  async (row) => {
    const { store, name } = await newStore();
    await store.objects.ownMeta?.put({}, null);
    await store.objects.put("a", {}, null);
    await raw(name, (db) => db.put("own", row, "own"));
    await expect(store.objects.ownMeta?.get()).rejects.toMatchObject({
      code: "CORRUPT",
      message: expect.stringContaining('object store "own"'),
    });
    expect(await idsOf(store)).toEqual(["a"]);
    await store.close();
    expect(await idsOf(await open(name))).toEqual(["a"]);
  },
);

/** The row that holds the store's own metadata. The conformance suite tests its contract. */
import { DatabaseSync } from "node:sqlite";
import { all } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../src/index.js";
import { databaseFile, newStore, openPath, rowsOf, tamper, ways } from "./support/stores.js";

describe.each(ways)("through %s", (_, open) => {
  test.each(["meta = '{'", "meta = 'null'", "meta = '[]'", "meta = x'ff'", "version = x'ff'"])(
    "%s: CORRUPT, with the table's name; objects, blobs and archives still work",
    async (damage) => {
      const file = databaseFile();
      const { store, close } = await open(file);
      const own = store.objects.ownMeta ?? expect.fail();
      await own.put({ id: "own" }, null);
      const version = await store.objects.put("a", {}, null);
      tamper(file, `UPDATE sa_own SET ${damage}`);
      const before = rowsOf(file, "SELECT * FROM sa_own");
      await expect(own.get()).rejects.toMatchObject({ code: "CORRUPT", message: expect.stringContaining("sa_own") });
      await expect(own.put({}, null)).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await all(store.objects.list())).toEqual([{ id: "a", version, meta: {} }]);
      await store.objects.put("a", { n: 1 }, version);
      expect(rowsOf(file, "SELECT * FROM sa_own")).toEqual(before);
      await close();
      const again = await open(file);
      expect((await again.store.objects.get("a"))?.meta).toEqual({ n: 1 });
      await again.close();
    },
  );
});

test("stores with different prefixes each have their own metadata", async () => {
  const file = databaseFile();
  await using one = await openSqlite(file, { prefix: "one_" });
  await using two = await openSqlite(file, { prefix: "two_" });
  await one.objects.ownMeta?.put({ of: "one" }, null);
  expect(await two.objects.ownMeta?.get()).toBeUndefined();
});

test("reading it writes nothing, on a connection that may not write either", async () => {
  const { store, file } = await newStore(openPath);
  await store.objects.ownMeta?.put({ id: "own" }, null);
  const handle = new DatabaseSync(file, { readOnly: true });
  const reader = await openSqlite(handle, { onSkipped: () => {} });
  expect((await reader.objects.ownMeta?.get())?.meta).toEqual({ id: "own" });
  await expect(reader.objects.ownMeta?.put({}, null)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await reader.close();
  handle.close();
});

test.each([[null], [[]], ["text"], [undefined]])("put of %j is INVALID_ARGUMENT", async (meta) => {
  const { store } = await newStore(openPath);
  const own = store.objects.ownMeta ?? expect.fail();
  await expect(own.put(meta as never, null)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(own.put({}, 7 as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await own.get()).toBeUndefined();
});

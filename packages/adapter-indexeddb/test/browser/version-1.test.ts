/** A database of version 1, which kept no metadata of the store's own, becomes one of this version. */
import { KEY } from "@session-archiver/core/adapter";
import { type DBSchema, openDB } from "idb";
import { expect, test } from "vitest";
import { connect } from "../../src/connection.js";
import { openIndexedDb } from "../../src/index.js";
import { MIGRATIONS } from "../../src/schema.js";
import { all } from "./support/bytes.js";
import { databaseName, newStore, open } from "./support/stores.js";

interface Schema1 extends DBSchema {
  objects: { key: string; value: object; indexes: { sweep: [number, number] } };
  blobs: { key: [string, string]; value: object };
  archives: { key: string; value: object };
  chunks: { key: [number, number]; value: Uint8Array };
  loose: { key: number; value: object };
}

function rowOf(id: string, archived: 0 | 1, lastActivity: number, meta: object): object {
  return { id, version: `v-${id}`, archived, lastActivity, json: JSON.stringify(meta) };
}

const archive = (archivedAt: number, lastActivity: number, more: object = {}): object => ({
  [KEY.archivedAt]: archivedAt,
  [KEY.lastActivity]: lastActivity,
  [KEY.archiveBytes]: 100,
  ...more,
});

/** Written down as version 1 made it, with a blob of one piece. */
async function makeVersion1(name: string): Promise<void> {
  const db = await openDB<Schema1>(name, 1, {
    upgrade(created) {
      const objects = created.createObjectStore("objects", { keyPath: "id" });
      objects.createIndex("sweep", ["archived", "lastActivity"]);
      created.createObjectStore("blobs", { keyPath: ["id", "name"] });
      created.createObjectStore("archives", { keyPath: "key" });
      created.createObjectStore("chunks");
      created.createObjectStore("loose", { autoIncrement: true });
    },
  });
  const rows = [
    rowOf("live", 0, 5, { view: "agent", [KEY.lastActivity]: 5, [KEY.lineCount]: 1 }),
    rowOf("late", 1, 900, archive(1000, 900)),
    rowOf("early", 1, 100, archive(1001, 100)),
    rowOf("resumed", 0, 300, archive(1002, 300, { [KEY.resumedAt]: 1500 })),
    rowOf("pruned", 1, 50, archive(1003, 50, { [KEY.prunedAt]: 2000 })),
  ];
  for (const row of rows) await db.put("objects", row);
  await db.put("blobs", { id: "live", name: "output", generation: "g", stream: 1, size: 3, rows: 1 });
  await db.put("chunks", new TextEncoder().encode("{}\n"), [1, 3]);
  db.close();
}

test("a database of version 1 opens with all it holds, and keeps own metadata from now on", async () => {
  const name = databaseName();
  await makeVersion1(name);
  const store = await open(name);
  const idsOf = async (query: object) => (await all(store.objects.list(query))).map(({ id }) => id).sort();
  // Without an index for it, all that counts toward the cap, and so never less than the oldest.
  expect(await idsOf({ oldestArchivesLimit: 1 })).toEqual(["early", "late", "resumed"]);
  expect(await idsOf({ prunedBefore: 2000 })).toEqual(["pruned"]);
  expect(await idsOf({ archived: false, lastActiveBefore: 5 })).toEqual(["live"]);
  expect((await store.objects.get("early"))?.version).toBe("v-early");
  const ref = (await store.blobs.stat({ id: "live", name: "output" })) ?? expect.fail();
  expect(new TextDecoder().decode((await all(store.blobs.read(ref)))[0])).toBe("{}\n");

  expect(await store.objects.ownMeta?.get()).toBeUndefined();
  const version = await store.objects.ownMeta?.put({ id: "own" }, null);
  await store.close();
  expect(await (await open(name)).objects.ownMeta?.get()).toEqual({ version, meta: { id: "own" } });
});

test("a package that knows version 1 refuses this one, and changes nothing", async () => {
  const { store, name } = await newStore();
  await store.objects.put("a", {}, null);
  await store.close();
  await expect(connect(name, {}, MIGRATIONS.slice(0, 1))).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("made by a newer version"),
  });
  expect((await (await open(name)).objects.get("a"))?.meta).toEqual({});
});

test("somebody else's database of version 1 is refused before anything is made in it", async () => {
  const name = databaseName();
  const theirs = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore("theirs") });
  await theirs.add("theirs", "kept", 1);
  theirs.close();
  await expect(openIndexedDb(name)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  const again = await openDB(name);
  expect([again.version, ...again.objectStoreNames, await again.get("theirs", 1)]).toEqual([1, "theirs", "kept"]);
  again.close();
});

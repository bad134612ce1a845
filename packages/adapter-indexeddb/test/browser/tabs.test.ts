/** What other tabs, users and browsers do to a database that is in use. */
import { type ArchiverError, toBytes } from "@session-archiver/core";
import { inChunks, pattern } from "@session-archiver/test-kit/bytes";
import { type IDBPDatabase, openDB } from "idb";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/connection.js";
import { deleteIndexedDb, openIndexedDb } from "../../src/index.js";
import { type Db, MIGRATIONS, type Schema } from "../../src/schema.js";
import { databaseName, databaseNames, newStore, open } from "./support/stores.js";

/** The connections that stores have open, as the browser sees them. */
async function connectionsOf(work: () => Promise<unknown>): Promise<IDBDatabase[]> {
  const opened: IDBDatabase[] = [];
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args);
    request.addEventListener("success", () => opened.push(request.result));
    return request;
  };
  try {
    await work();
  } finally {
    IDBFactory.prototype.open = open;
  }
  return opened;
}

const addStore = (db: Db): void => void (db as unknown as IDBPDatabase).createObjectStore("extra");

/** What the browser does when it cuts a connection: closes it, and says so a moment later. */
function cut(db: IDBDatabase | undefined): void {
  db?.close();
  db?.dispatchEvent(new Event("close"));
}

test("an upgrade by another tab goes through; this one says so, and its calls are UNAVAILABLE", async () => {
  const reasons: ArchiverError[] = [];
  const { store, name } = await newStore({ onClosed: (reason) => reasons.push(reason) });
  await store.objects.put("a", { n: 1 }, null);
  const blocked: string[] = [];
  const upgraded = await openDB(name, MIGRATIONS.length + 1, { blocked: () => void blocked.push("blocked") });
  onTestFinished(() => upgraded.close());
  expect(blocked).toEqual([]);
  expect(reasons).toMatchObject([{ code: "UNAVAILABLE", message: expect.stringContaining("newer version") }]);
  for (const call of [store.objects.get("a"), store.objects.put("b", {}, null), store.reclaim()]) {
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("Reload") });
  }
  expect(await upgraded.get("objects", "a")).toMatchObject({ json: '{"n":1}' });
});

test("an upgrade in the middle of a write waits for no body, and leaves nothing of it that counts", async () => {
  const { store, name } = await newStore();
  let upgraded: Promise<number> | undefined;
  const body = async function* () {
    yield* inChunks(pattern(9_000_000), 500_000);
    const db = await openDB(name, MIGRATIONS.length + 1);
    upgraded = db.count("archives");
    onTestFinished(() => db.close());
    yield* inChunks(pattern(9_000_000), 500_000);
  };
  await expect(store.archives.put("a", body())).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await upgraded).toBe(0);
});

test("a delete by another tab goes through at once, and no call makes an empty database in its place", async () => {
  const reasons: ArchiverError[] = [];
  const { store, name } = await newStore({ onClosed: (reason) => reasons.push(reason) });
  await deleteIndexedDb(name, { onBlocked: () => expect.unreachable("blocked") });
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("deleted by another tab"),
  });
  expect(reasons.length).toBe(1);
  expect(await databaseNames()).not.toContain(name);
});

test("a database made by a newer version is UNAVAILABLE, and stays as it is", async () => {
  const name = databaseName();
  const newer = await openDB(name, MIGRATIONS.length + 1, { upgrade: (db) => void db.createObjectStore("theirs") });
  newer.close();
  await expect(openIndexedDb(name)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("newer version"),
  });
});

test("another program's database is INVALID_ARGUMENT, and stays as it is", async () => {
  const name = databaseName();
  const theirs = await openDB(name, MIGRATIONS.length, { upgrade: (db) => void db.createObjectStore("theirs") });
  theirs.close();
  await expect(openIndexedDb(name)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  const again = await openDB(name);
  onTestFinished(() => again.close());
  expect([...again.objectStoreNames]).toEqual(["theirs"]);
});

test("opening waits for a tab that has an older version open, and calls onBlocked", async () => {
  const name = databaseName();
  const other = await openDB<Schema>(name, 1, { upgrade: (db, _old, _new, tx) => MIGRATIONS[0]?.(db, tx) });
  const events: string[] = [];
  const onBlocked = (): void => {
    events.push("blocked");
    other.close();
  };
  const connection = await connect(name, { durability: "strict", onBlocked }, [...MIGRATIONS, addStore]);
  expect(events).toEqual(["blocked"]);
  expect((await connection.get()).version).toBe(MIGRATIONS.length + 1);
  connection.close();
});

test("an opening that waits can be aborted, and blocks no other afterwards", async () => {
  const name = databaseName();
  const other = await openDB<Schema>(name, 1, { upgrade: (db, _old, _new, tx) => MIGRATIONS[0]?.(db, tx) });
  const controller = new AbortController();
  const settings = { durability: "strict", onBlocked: () => controller.abort(), signal: controller.signal } as const;
  const opening = connect(name, settings, [...MIGRATIONS, addStore]);
  await expect(opening).rejects.toMatchObject({ code: "ABORTED" });
  other.close();
  await deleteIndexedDb(name, { onBlocked: () => expect.unreachable("the aborted opening is still open") });
});

test("a database of an older version is upgraded, with what it holds", async () => {
  const { store, name } = await newStore();
  const ref = await store.blobs.create({ id: "s", name: "output" }, "g", inChunks(pattern(1000), 100));
  await store.close();
  const settings = { durability: "strict" } as const;
  const connection = await connect(name, settings, [...MIGRATIONS, addStore]);
  const db = await connection.get();
  expect(db.version).toBe(MIGRATIONS.length + 1);
  expect(await db.get("blobs", [ref.key.id, ref.key.name])).toMatchObject({ size: 1000 });
  connection.close();
});

test.each(["with", "without"])("calls go on after the browser cut the connection (%s word of it)", async (word) => {
  const name = databaseName();
  const onClosed = (): void => expect.unreachable("nothing is closed for good");
  let store: Awaited<ReturnType<typeof open>> | undefined;
  const [db] = await connectionsOf(async () => {
    store = await open(name, { onClosed });
  });
  const key = { id: "s", name: "output" };
  const ref = await store?.blobs.create(key, "g", inChunks(pattern(3_000_000), 100_000));
  if (word === "with") cut(db);
  else db?.close();
  expect(ref && (await store?.blobs.stat(key))).toEqual(ref);
  const grown = ref && (await store?.blobs.append(ref, pattern(10)));
  expect(grown?.size).toBe(3_000_010);
  expect(ref && store && (await toBytes(store.blobs.read(ref))).length).toBe(3_000_000);
});

test("when the site's data was cleared under it, the store says so and makes no empty database", async () => {
  const name = databaseName();
  const reasons: ArchiverError[] = [];
  let store: Awaited<ReturnType<typeof open>> | undefined;
  const [db] = await connectionsOf(async () => {
    store = await open(name, { onClosed: (reason) => reasons.push(reason) });
  });
  await store?.objects.put("a", {}, null);
  cut(db);
  await deleteIndexedDb(name);
  for (const call of [store?.objects.get("a"), store?.objects.put("b", {}, null)]) {
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("cleared") });
  }
  expect(reasons.length).toBe(1);
  expect(await databaseNames()).not.toContain(name);
});

test("a closed store is UNAVAILABLE, for calls under way too, and closing twice is nothing", async () => {
  const { store } = await newStore();
  const started = Promise.withResolvers<void>();
  const body = async function* () {
    yield pattern(1000);
    started.resolve();
    await store.close();
    yield pattern(1000);
  };
  const putting = store.archives.put("a", body());
  await started.promise;
  await expect(putting).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await store.close();
  await expect(store.archives.stat("a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("closing lets go of the connection, an aborted opening too", async () => {
  const name = databaseName();
  const [db] = await connectionsOf(async () => (await open(name)).close());
  expect(() => db?.transaction("objects")).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
  const [late] = await connectionsOf(async () => {
    const opening = openIndexedDb(name, { signal: AbortSignal.abort() });
    await expect(opening).rejects.toMatchObject({ code: "ABORTED" });
    (await openDB(name)).close(); // served after it
  });
  expect(() => late?.transaction("objects")).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
});

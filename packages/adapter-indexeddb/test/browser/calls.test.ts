/** Signals, failures in the middle, and work that runs in one place at a time. */
import { createArchiver } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test, vi } from "vitest";
import { deleteIndexedDb, openIndexedDb, requestPersistence, storageStatus } from "../../src/index.js";
import { count, databaseName, databaseNames, newStore, open } from "./support/stores.js";

const KEY = { id: "s", name: "output" };

/** Runs `act` in the middle of the next transaction that puts something. */
function atNextPut(act: () => void): void {
  const { put } = IDBObjectStore.prototype;
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    spy.mockRestore();
    const request = put.apply(this, args);
    act();
    return request;
  });
}

test("a signal in the middle of a transaction undoes it", async () => {
  const { store } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(100), 10));
  const version = await store.objects.put("a", { n: 1 }, null);
  const calls = [
    (op: { signal: AbortSignal }) => store.blobs.append(ref, pattern(10), op),
    (op: { signal: AbortSignal }) => store.objects.put("a", { n: 2 }, version, op),
    (op: { signal: AbortSignal }) => store.archives.put("k", inChunks(pattern(10), 10), op),
  ];
  for (const call of calls) {
    const controller = new AbortController();
    atNextPut(() => controller.abort(new Error("enough")));
    await expect(call(controller)).rejects.toMatchObject({ code: "ABORTED", cause: new Error("enough") });
  }
  expect(await store.blobs.stat(KEY)).toEqual(ref);
  expect((await store.objects.get("a"))?.meta).toEqual({ n: 1 });
  expect(await store.archives.stat("k")).toBeUndefined();
});

test("a commit that fails is a failure, though every request was served", async () => {
  const { store } = await newStore();
  const { put } = IDBObjectStore.prototype;
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    request.addEventListener("success", () => request.transaction?.abort());
    return request;
  });
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  spy.mockRestore();
  expect(await store.objects.get("a")).toBeUndefined();
});

test("a write that the browser refuses half-way leaves nothing, and nothing unhandled", async () => {
  const { store, name } = await newStore();
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  const { put } = IDBObjectStore.prototype;
  let puts = 0;
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (++puts === 7) throw new DOMException("no space left", "QuotaExceededError");
    return put.apply(this, args);
  });
  try {
    const body = async function* () {
      yield* inChunks(pattern(9 * MIB), MIB);
      // Answered after the failure and the look at the free space: nothing awaits those while the body is slow.
      await count(name, "chunks");
      await storageStatus();
      await count(name, "chunks");
      yield* inChunks(pattern(3 * MIB), MIB);
    };
    const writing = store.archives.put("a", body());
    await expect(writing).rejects.toMatchObject({
      code: "QUOTA",
      key: "a",
      message: expect.stringMatching(/4194304 /),
    });
  } finally {
    spy.mockRestore();
  }
  expect([await count(name, "chunks"), await count(name, "loose"), await count(name, "archives")]).toEqual([0, 0, 0]);
  await new Promise((resolve) => setTimeout(resolve));
  globalThis.removeEventListener("unhandledrejection", note);
  expect(unhandled).toEqual([]);
});

test("of two stores on a database one runs exclusive work, and the other goes on without", async () => {
  const { store, name } = await newStore();
  const other = await open(name);
  const { store: elsewhere } = await newStore();
  const inside = await store.runExclusive(async () => {
    expect(await other.runExclusive(async () => "both")).toBeUndefined();
    expect(await elsewhere.runExclusive(async () => "another database")).toBe("another database");
    return "done";
  });
  expect(inside).toBe("done");
  await expect(store.runExclusive(() => Promise.reject(new RangeError("work")))).rejects.toThrow(RangeError);
  expect(await other.runExclusive(async () => "now")).toBe("now");
});

test("where there are no Web Locks, it works without them", async () => {
  const { store } = await newStore();
  vi.stubGlobal("navigator", {});
  try {
    expect(await store.runExclusive(() => store.runExclusive(async () => "works"))).toBe("works");
  } finally {
    vi.unstubAllGlobals();
  }
});

test("a sweep is left out while another tab sweeps", async () => {
  const { store, name } = await newStore();
  const other = await open(name);
  let rounds = 0;
  const list = store.objects.list;
  const counting = {
    ...store.objects,
    list: (...args: Parameters<typeof list>) => {
      rounds++;
      return list(...args);
    },
  };
  const runOne = async (): Promise<void> => {
    const left = Promise.withResolvers<void>();
    const runExclusive = <T>(round: () => Promise<T>): Promise<T | undefined> =>
      store.runExclusive(round).finally(() => left.resolve());
    const schedule = createArchiver({ ...store, objects: counting }).start({ runExclusive });
    await left.promise;
    await schedule.stop();
  };
  await other.runExclusive(runOne);
  expect(rounds).toBe(0);
  await runOne();
  expect(rounds).toBeGreaterThan(0);
});

test("bad names and options are refused before anything is made", async () => {
  for (const name of ["", "x".repeat(1025), "\ud800", 5 as never]) {
    await expect(openIndexedDb(name)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(deleteIndexedDb(name)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
  const name = databaseName();
  const durability = "fast" as never;
  await expect(openIndexedDb(name, { durability })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await databaseNames()).not.toContain(name);
});

test("every transaction has the durability of the option, those of a body's parts too", async () => {
  for (const durability of ["strict", "relaxed"] as const) {
    const { store } = await newStore({ durability });
    const seen = new Set<string>();
    const { transaction } = IDBDatabase.prototype;
    const spy = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
      this: IDBDatabase,
      ...args
    ) {
      const tx = transaction.apply(this, args);
      if (tx.mode === "readwrite") seen.add(tx.durability);
      return tx;
    });
    await store.archives.put("a", inChunks(pattern(9 * MIB), MIB));
    spy.mockRestore();
    expect([...seen]).toEqual([durability]);
  }
});

test("the browser says how much space there is, if it says anything", async () => {
  const status = await storageStatus();
  expect(await requestPersistence()).toBe((await storageStatus()).persisted);
  // WebKitGTK has none, even where it is secure.
  if (!("storage" in navigator))
    return expect(status).toEqual({ usageBytes: null, quotaBytes: null, persisted: false });
  expect(status.quotaBytes).toBeGreaterThan(0);
  expect(status.usageBytes).toBeGreaterThanOrEqual(0);
});

/** Writes that arrive together share a transaction; each is still its own. */
import { toBytes } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test, vi } from "vitest";
import { newStore } from "./support/stores.js";

const MANY = 40;
const NAMES = Array.from({ length: MANY }, (_, n) => `s${n}`);

/** The transactions that are begun from now on. */
function transactions(): IDBTransaction[] {
  const seen: IDBTransaction[] = [];
  const { transaction } = IDBDatabase.prototype;
  const spy = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...args) {
    const tx = transaction.apply(this, args);
    seen.push(tx);
    return tx;
  });
  onTestFinished(() => spy.mockRestore());
  return seen;
}

/** Does something else in the place of `put`, or does what it should. */
function atPut(instead: (store: IDBObjectStore, value: unknown) => "as ever" | "refuse" | "abort"): void {
  const { put } = IDBObjectStore.prototype;
  const spy = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    const what = instead(this, args[0]);
    if (what === "refuse") throw new DOMException("no space left", "QuotaExceededError");
    const request = put.apply(this, args);
    if (what === "abort") request.addEventListener("success", () => queueMicrotask(() => this.transaction.abort()));
    return request;
  });
  onTestFinished(() => spy.mockRestore());
}

test("objects, appends, archives and deletes that arrive together take few transactions, and all are done", async () => {
  const { store } = await newStore();
  const refs = await Promise.all(
    NAMES.map((id) => store.blobs.create({ id, name: "output" }, "g", inChunks(pattern(10), 10))),
  );
  const seen = transactions();
  const [grown, versions] = await Promise.all([
    Promise.all(refs.map((ref, n) => store.blobs.append(ref, pattern(5, n)))),
    Promise.all(NAMES.map((id) => store.objects.put(id, { id }, null))),
    Promise.all(NAMES.map((id, n) => store.archives.put(id, inChunks(pattern(20, n), 20)))),
  ]);
  expect(seen.filter(({ mode }) => mode === "readwrite").length).toBeLessThan(MANY / 4);
  for (const [n, id] of NAMES.entries()) {
    expect(await store.objects.get(id)).toEqual({ id, version: versions[n], meta: { id } });
    expect(await toBytes(store.archives.read(id))).toEqual(pattern(20, n));
    const bytes = await toBytes(store.blobs.read(grown[n] ?? expect.fail()));
    expect(bytes).toEqual(new Uint8Array([...pattern(10), ...pattern(5, n)]));
  }
  seen.length = 0;
  await Promise.all(grown.map((ref) => store.blobs.delete(ref)));
  expect(seen.length).toBeLessThan(MANY / 4);
  for (const ref of grown) expect(await store.blobs.stat(ref.key)).toBeUndefined();
});

test("of writes to one object that arrive together exactly one succeeds, and takes no other object's along", async () => {
  const { store } = await newStore();
  const first = await store.objects.put("same", { n: -1 }, null);
  const others = NAMES.map((id) => store.objects.put(id, {}, null));
  const racing = NAMES.map((_, n) => store.objects.put("same", { n }, first));
  const outcomes = await Promise.allSettled(racing);
  const winners = outcomes.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : []));
  expect(winners).toHaveLength(1);
  expect((await store.objects.get("same"))?.meta).toEqual({ n: winners[0] });
  expect(outcomes.filter((each) => each.status === "rejected" && each.reason.code === "CONFLICT")).toHaveLength(39);
  expect(new Set(await Promise.all(others)).size).toBe(MANY);
});

test("a put that comes too late is a CONFLICT, and its transaction is not undone for the others", async () => {
  const { store } = await newStore();
  const version = await store.objects.put("s7", { n: 7 }, null);
  const seen = transactions();
  const outcomes = await Promise.allSettled(NAMES.map((id) => store.objects.put(id, {}, null)));
  expect(seen.length).toBeLessThan(3); // at most the first by itself, as nothing was under way, then all others
  const failed = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  expect(failed).toMatchObject([{ code: "CONFLICT", id: "s7" }]);
  expect(await store.objects.get("s7")).toEqual({ id: "s7", version, meta: { n: 7 } });
});

test("a write that finds no space fails with that, and takes no other along", async () => {
  const { store } = await newStore();
  atPut((_, value) => ((value as { readonly id?: string }).id === "s7" ? "refuse" : "as ever"));
  const outcomes = await Promise.allSettled(NAMES.map((id) => store.objects.put(id, {}, null)));
  const failed = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  expect(failed).toMatchObject([{ code: "QUOTA", id: "s7" }]);
  for (const id of NAMES) expect((await store.objects.get(id))?.id).toBe(id === "s7" ? undefined : id);
});

test("a commit that fails without a reason is not tried again: it may have been made", async () => {
  const { store } = await newStore();
  const puts: string[] = [];
  atPut((_, value) => {
    const { id } = value as { readonly id: string };
    puts.push(id);
    return id === "s39" ? "abort" : "as ever";
  });
  const outcomes = await Promise.allSettled(NAMES.map((id) => store.objects.put(id, {}, null)));
  expect(outcomes[0]?.status).toBe("fulfilled"); // by itself, as nothing was under way
  for (const [n, each] of outcomes.entries()) {
    if (n > 0) expect(each).toMatchObject({ status: "rejected", reason: { code: "UNAVAILABLE", id: `s${n}` } });
  }
  expect(puts.sort()).toEqual([...NAMES].sort());
});

test("a write that is aborted while it waits is ABORTED, and the others are done", async () => {
  const { store } = await newStore();
  const controller = new AbortController();
  const puts = NAMES.map((id, n) => store.objects.put(id, {}, null, n === 20 ? { signal: controller.signal } : {}));
  controller.abort();
  const outcomes = await Promise.allSettled(puts);
  expect(outcomes[20]).toMatchObject({ status: "rejected", reason: { code: "ABORTED", id: "s20" } });
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(MANY - 1);
  expect(await store.objects.get("s20")).toBeUndefined();
});

test("a large write does not wait in line behind small ones", async () => {
  const { store } = await newStore();
  // Then enough is kept for archiving, and no transaction more goes to that.
  await store.blobs.create({ id: "larger", name: "output" }, "g", inChunks(pattern(4 * MIB), MIB));
  const begun = transactions();
  // Of one object, so that each has to wait for the one before.
  const small = NAMES.map((_, n) => store.objects.put("same", { n }, null));
  const large = store.blobs.create({ id: "large", name: "output" }, "g", inChunks(pattern(2 * MIB), MIB));
  await Promise.allSettled([large, ...small]);
  expect(begun.filter(({ mode }) => mode === "readwrite")).toHaveLength(MANY + 1);
  expect(begun.findIndex(({ objectStoreNames }) => objectStoreNames.contains("chunks"))).toBeLessThan(MANY / 2);
});

test("a small archive is put in one transaction and read in one", async () => {
  const { store } = await newStore();
  const seen = transactions();
  await store.archives.put("a", inChunks(pattern(1000), 100));
  expect(seen.map(({ mode }) => mode)).toEqual(["readwrite"]);
  await toBytes(store.archives.read("a"));
  await toBytes(store.archives.read("a", { start: 5, end: 10 }));
  expect(seen.map(({ mode }) => mode)).toEqual(["readwrite", "readonly", "readonly"]);
  await expect(store.archives.put("a", inChunks(pattern(1), 1))).rejects.toMatchObject({ code: "CONFLICT" });
});

test("a long body under a name that is taken is refused before any of it is stored", async () => {
  const { store } = await newStore();
  await store.archives.put("a", inChunks(pattern(10), 10));
  const puts: string[] = [];
  atPut((objects) => {
    puts.push(objects.name);
    return "as ever";
  });
  let given = 0;
  const body = async function* () {
    for (; given < 40; given++) yield pattern(MIB);
  };
  await expect(store.archives.put("a", body())).rejects.toMatchObject({ code: "CONFLICT" });
  expect(puts).toEqual([]);
  expect(given).toBeLessThan(20);
});

/** Space that is kept for archiving: taken before live bytes are, used up by what archiving writes, taken again. */
import { bytesOf, hasCode } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test, vi } from "vitest";
import { newStore, open, raw } from "./support/stores.js";

const ROW = 128 * 1024;
const KEY = { id: "s", name: "output" };

type Put = (store: IDBObjectStore, value: unknown) => void;

/** Called before rows are added or changed; may throw. */
function beforePuts(check: Put): void {
  for (const method of ["put", "add"] as const) {
    const original = IDBObjectStore.prototype[method];
    const spy = vi.spyOn(IDBObjectStore.prototype, method);
    spy.mockImplementation(function (this: IDBObjectStore, ...args) {
      check(this, args[0]);
      return original.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());
  }
}

/** As if the browser allowed this many bytes of rows more, and gave back at once what is deleted of the reserve. */
function limitSpace(free: number): { free: number } {
  const space = { free };
  beforePuts((store, value) => {
    const bytes = value instanceof Uint8Array ? value.length : 300;
    if (bytes > space.free) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    space.free -= bytes;
    store.transaction.addEventListener("abort", () => {
      space.free += bytes;
    });
  });
  const { delete: remove } = IDBObjectStore.prototype;
  const spy = vi.spyOn(IDBObjectStore.prototype, "delete");
  spy.mockImplementation(function (this: IDBObjectStore, query) {
    if (this.name === "own") {
      this.count(query).addEventListener("success", ({ target }) => {
        space.free += ROW * (target as IDBRequest<number>).result;
      });
    }
    return remove.call(this, query);
  });
  onTestFinished(() => spy.mockRestore());
  return space;
}

test("grows with the largest blob, whether it is created or appended to, and with the store", async () => {
  const { store } = await newStore();
  expect(await store.reservedBytes()).toBe(0);
  const small = await store.blobs.create(KEY, "g", bytesOf(pattern(10)));
  expect(await store.reservedBytes()).toBe(2 * ROW);
  await store.blobs.append(small, pattern(3 * MIB));
  expect(await store.reservedBytes()).toBe(8 * ROW);
  await store.blobs.create({ id: "t", name: "output" }, "g", inChunks(pattern(9 * MIB), MIB));
  expect(await store.reservedBytes()).toBe(19 * ROW);
  for (let n = 0; n < 6; n++)
    await store.blobs.create({ id: `u${n}`, name: "output" }, "g", inChunks(pattern(9 * MIB), MIB));
  expect(await store.reservedBytes()).toBeGreaterThan(30 * ROW);
});

test("a store without one keeps none", async () => {
  const { store } = await newStore({ reserve: false });
  await store.blobs.create(KEY, "g", bytesOf(pattern(MIB)));
  expect(await store.reservedBytes()).toBe(0);
});

test("is INVALID_ARGUMENT if it is neither true nor false", async () => {
  const options = { reserve: 7 } as never;
  await expect(newStore(options)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching("reserve"),
  });
});

test("an archive and changes of metadata use it up; live bytes are refused until it stands again", async () => {
  const { store } = await newStore();
  await store.blobs.create(KEY, "g", bytesOf(pattern(MIB)));
  const version = await store.objects.put("s", { title: "a" }, null);
  const space = limitSpace(100);
  const grown = store.blobs.create({ id: "t", name: "output" }, "g", bytesOf(pattern(50)));
  await expect(grown).rejects.toSatisfy((error) => hasCode(error, "QUOTA"));
  expect(await store.reservedBytes()).toBe(3 * ROW);

  await store.archives.put("a", bytesOf(pattern(2 * ROW)));
  expect(await store.reservedBytes()).toBe(0);
  await store.objects.put("s", { title: "b" }, version);
  const refused = store.blobs.create({ id: "t", name: "output" }, "g", bytesOf(pattern(50)));
  await expect(refused).rejects.toMatchObject({ code: "QUOTA", message: expect.stringMatching(/kept for archiving/) });
  expect(await store.reservedBytes()).toBe(0);

  space.free += 4 * MIB;
  await store.blobs.create({ id: "t", name: "output" }, "g", bytesOf(pattern(50)));
  expect(await store.reservedBytes()).toBe(3 * ROW);
});

test("new objects get none of it", async () => {
  const { store } = await newStore();
  await store.blobs.create(KEY, "g", bytesOf(pattern(10)));
  limitSpace(0);
  await expect(store.objects.put("s", {}, null)).rejects.toMatchObject({ code: "QUOTA" });
  expect(await store.reservedBytes()).toBe(2 * ROW);
});

test("once it is used up, one archive at a time is stored, until there is space for it again", async () => {
  const { store } = await newStore();
  await store.blobs.create(KEY, "g", bytesOf(pattern(10)));
  const space = limitSpace(0);
  const put = (key: string, bytes: number): Promise<unknown> => store.archives.put(key, bytesOf(pattern(bytes)));
  await put("a", 1000);
  const both = await Promise.allSettled([put("b", 1000), put("c", 1000)]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(both[1]).toMatchObject({ reason: { code: "QUOTA" } });
  space.free += 4 * MIB;
  await Promise.all([put("d", 1000), put("e", 1000)]);
  expect(await store.reservedBytes()).toBe(2 * ROW);
});

test("an archive that finds no space even so is QUOTA, and leaves nothing", async () => {
  const { store, name } = await newStore();
  await store.blobs.create(KEY, "g", bytesOf(pattern(10)));
  limitSpace(0);
  await expect(store.archives.put("a", inChunks(pattern(9 * MIB), MIB))).rejects.toMatchObject({ code: "QUOTA" });
  expect(await raw(name, (db) => db.count("chunks"))).toBe(1);
  expect(await raw(name, (db) => db.count("loose"))).toBe(0);
});

test("is as large for a store that is opened again, whatever was in it", async () => {
  const { store, name } = await newStore({ reserve: false });
  await store.blobs.create(KEY, "g", inChunks(pattern(9 * MIB), MIB));
  const again = await open(name);
  await again.blobs.create({ id: "t", name: "output" }, "g", bytesOf(pattern(10)));
  expect(await again.reservedBytes()).toBe(19 * ROW);
  const last = await open(name);
  await last.blobs.create({ id: "u", name: "output" }, "g", bytesOf(pattern(10)));
  expect(await last.reservedBytes()).toBe(19 * ROW);
});

test("a transaction that may only delete, as Firefox's next one after a refusal, is made again", async () => {
  const { store } = await newStore({ reserve: false });
  let refusals = 1;
  beforePuts(() => {
    if (refusals-- > 0) throw new DOMException("The database did not allow mutations.", "InvalidStateError");
  });
  await store.blobs.create(KEY, "g", bytesOf(pattern(10)));
  expect(await store.blobs.stat(KEY)).toMatchObject({ size: 10 });
});

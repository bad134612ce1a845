/** In a store that is full not even a small row can be written: deletes must do without. */
import { hasCode } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test, vi } from "vitest";
import { count, newStore } from "./support/stores.js";

const KEY = { id: "s", name: "output" };

/** From now on no row can be added or changed in these object stores; rows can be deleted. */
function fill(...stores: string[]): void {
  for (const method of ["put", "add"] as const) {
    const original = IDBObjectStore.prototype[method];
    const spy = vi.spyOn(IDBObjectStore.prototype, method);
    spy.mockImplementation(function (this: IDBObjectStore, ...args) {
      if (stores.includes(this.name)) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      return original.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());
  }
}

test("the bytes of a write that found no space are gone at once", async () => {
  const { store, name } = await newStore();
  const body = async function* () {
    yield* inChunks(pattern(9 * MIB), MIB); // the first four rows are stored by then
    fill("chunks", "loose");
    yield pattern(MIB, 2);
  };
  const failed = store.blobs.create(KEY, "g", body());
  await expect(failed).rejects.toSatisfy((error) => hasCode(error, "QUOTA"));
  expect([await count(name, "chunks"), await count(name, "loose")]).toEqual([0, 0]);
});

test("a blob too large to go in one step can be deleted", async () => {
  const { store, name } = await newStore();
  const row = pattern(MIB);
  const body = async function* () {
    for (let i = 0; i < 260; i++) yield row;
  };
  const ref = await store.blobs.create(KEY, "g", body());
  fill("chunks", "loose");
  await store.blobs.delete(ref);
  expect(await store.blobs.stat(KEY)).toBeUndefined();
  expect([await count(name, "chunks"), await count(name, "loose")]).toEqual([0, 0]);
});

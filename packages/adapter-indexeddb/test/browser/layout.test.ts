/** How bytes lie in the database: what reads, appends and the space on the disk depend on. */
import { type BlobRef, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { all, firstDifference, inChunks, MIB, pattern } from "./support/bytes.js";
import { count, newStore, raw } from "./support/stores.js";

const KEY = { id: "s", name: "output" };

function rowSizes(name: string): Promise<number[]> {
  return raw(name, async (db) => (await db.getAll("chunks")).map((row: Uint8Array) => row.buffer.byteLength));
}

test("a body of pieces of any size is stored in full pieces, each with no more behind it than its bytes", async () => {
  const { store, name } = await newStore();
  const bytes = pattern(9 * MIB + 5);
  const views = async function* () {
    for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
  };
  await store.blobs.create(KEY, "g", views());
  expect(await rowSizes(name)).toEqual([...Array(9).fill(MIB), 5]);
});

test("the caller's arrays stay as they are, also those that are just a piece", async () => {
  const { store } = await newStore();
  const chunks = Array.from({ length: 9 }, (_, n) => pattern(MIB, n));
  const body = async function* () {
    yield* chunks;
  };
  await store.archives.put("a", body());
  for (const [n, chunk] of chunks.entries()) expect(firstDifference(chunk, pattern(MIB, n))).toBeUndefined();
  const stored = await toBytes(store.archives.read("a"));
  for (const [n, chunk] of chunks.entries()) {
    expect(firstDifference(stored.subarray(n * MIB, (n + 1) * MIB), chunk)).toBeUndefined();
  }
});

test("an append of a view stores only what it shows", async () => {
  const { store, name } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(0), 1));
  await store.blobs.append(ref, pattern(5 * MIB).subarray(100, 600));
  expect(await rowSizes(name)).toEqual([500]);
});

test("small appends are small rows, made one at 1,024 rows and sealed at a megabyte", async () => {
  const { store, name } = await newStore();
  let ref: BlobRef = await store.blobs.create(KEY, "g", inChunks(pattern(100), 10));
  const append = async (size: number): Promise<void> => {
    ref = await store.blobs.append(ref, pattern(size, ref.size));
  };
  for (let n = 0; n < 1022; n++) await append(10);
  expect(await count(name, "chunks")).toBe(1023);
  await append(10);
  expect(await rowSizes(name)).toEqual([100 + 1023 * 10]);
  await append(MIB - ref.size - 1);
  await append(1);
  expect(await rowSizes(name)).toEqual([MIB]);
  await append(2.5 * MIB);
  await append(7);
  expect(await rowSizes(name)).toEqual([MIB, MIB, MIB, MIB / 2, 7]);
});

test("an empty append changes nothing, and still finds out that the blob has changed", async () => {
  const { store, name } = await newStore();
  const first = await store.blobs.create(KEY, "g", inChunks(pattern(100), 10));
  expect(await store.blobs.append(first, new Uint8Array())).toEqual(first);
  const second = await store.blobs.append(first, pattern(5));
  expect(await rowSizes(name)).toEqual([100, 5]);
  await expect(store.blobs.append(first, new Uint8Array())).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await store.blobs.append(second, new Uint8Array())).toEqual(second);
});

test("an append takes the bytes as they are at the call", async () => {
  const { store } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(0), 1));
  const chunk = pattern(1000);
  const appending = store.blobs.append(ref, chunk);
  chunk.fill(0);
  expect(await toBytes(store.blobs.read(await appending))).toEqual(pattern(1000));
});

test("an array that was transferred elsewhere is INVALID_ARGUMENT, not nothing", async () => {
  const { store } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(5), 5));
  const gone = pattern(1000);
  structuredClone(gone.buffer, { transfer: [gone.buffer as ArrayBuffer] });
  await expect(store.blobs.append(ref, gone)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  const body = (async function* () {
    yield gone;
  })();
  await expect(store.archives.put("a", body)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await store.archives.stat("a")).toBeUndefined();
});

test("a read at an old ref gives its bytes while the tail behind is folded again and again", async () => {
  const { store } = await newStore();
  const bytes = pattern(3 * MIB);
  let ref = await store.blobs.create(KEY, "g", inChunks(bytes.subarray(0, MIB + 1000), 300_000));
  const old = ref;
  const reader = store.blobs.read(old)[Symbol.asyncIterator]();
  const first = await reader.next();
  for (let at = ref.size; at < bytes.length; at = ref.size) {
    ref = await store.blobs.append(ref, bytes.subarray(at, at + 200_000));
  }
  const rest = await toBytes({ [Symbol.asyncIterator]: () => reader });
  const whole = new Uint8Array([...first.value, ...rest]);
  expect(firstDifference(whole, bytes.subarray(0, old.size))).toBeUndefined();
  expect(firstDifference(await toBytes(store.blobs.read(ref)), bytes)).toBeUndefined();
});

test("a blob made anew with the same generation is not what an older read goes on with", async () => {
  const { store } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(6 * MIB), MIB));
  const reader = store.blobs.read(ref)[Symbol.asyncIterator]();
  await reader.next();
  await store.blobs.delete(ref);
  await store.blobs.create(KEY, "g", inChunks(pattern(6 * MIB, 2), MIB));
  const rest = { [Symbol.asyncIterator]: () => reader };
  await expect(toBytes(rest)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test.each([
  ["chunk", 2],
  ["tail", 4],
])("missing bytes are CORRUPT, not less (%s)", async (_, row) => {
  const { store, name } = await newStore();
  const ref = await store.blobs.create(KEY, "g", inChunks(pattern(3 * MIB + 10), MIB));
  await raw(name, async (db) => db.delete("chunks", (await db.getAllKeys("chunks"))[row - 1] ?? []));
  await expect(toBytes(store.blobs.read(ref))).rejects.toMatchObject({ code: "CORRUPT" });
});

test("listings go through more than a page", async () => {
  const { store } = await newStore();
  const names = Array.from({ length: 405 }, (_, n) => `name ${n}`);
  await Promise.all(names.map((name) => store.blobs.create({ id: "s", name }, "g", inChunks(pattern(1), 1))));
  await store.blobs.create({ id: "s2", name: "other" }, "g", inChunks(pattern(1), 1));
  const listed = (await all(store.blobs.list("s"))).map((ref) => ref.key.name);
  expect(listed.sort()).toEqual(names.sort());
});

/** What the blob store's backend is spared, and what it is given. */
import { expect, test } from "vitest";
import { blobChanged, defineBlobs } from "../../src/adapter.js";
import { type BlobRef, bytesOf, toBytes } from "../../src/index.js";
import { aborted, blobBackend, ILLEGAL, type Log, streamOf } from "./support.js";

const KEY = { id: "s", name: "output" };
const AT: BlobRef = { key: KEY, generation: "g", size: 5 };
const INVALID = { code: "INVALID_ARGUMENT" };
const ONE = Uint8Array.of(1);
const BYTES = Uint8Array.of(1, 2, 3, 4, 5, 6, 7);

const wrongRefs = ILLEGAL.flatMap((wrong) => [
  { ...AT, key: { ...KEY, id: wrong } },
  { ...AT, key: { ...KEY, name: wrong } },
  { ...AT, generation: wrong },
]);
const wrongSizes = [-1, 0.5, Number.NaN, "5", undefined].map((size) => ({ ...AT, size }));

test.each([...wrongRefs, ...wrongSizes, undefined, {}])("the ref %j never reaches the backend", async (wrong) => {
  const log: Log = [];
  const blobs = defineBlobs(blobBackend(log));
  const at = wrong as BlobRef;
  await expect(toBytes(blobs.read(at))).rejects.toMatchObject(INVALID);
  await expect(blobs.append(at, ONE)).rejects.toMatchObject(INVALID);
  await expect(blobs.delete(at)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test.each(ILLEGAL)("the name %j never reaches the backend", async (wrong) => {
  const log: Log = [];
  const blobs = defineBlobs({ ...blobBackend(log), diskBytes: () => log.push(["diskBytes"]) });
  await expect(blobs.diskBytes?.(wrong as string)).rejects.toMatchObject(INVALID);
  for (const key of [
    { ...KEY, id: wrong as string },
    { ...KEY, name: wrong as string },
  ]) {
    await expect(blobs.stat(key)).rejects.toMatchObject(INVALID);
    await expect(blobs.create(key, "g", bytesOf())).rejects.toMatchObject(INVALID);
  }
  await expect(blobs.create(KEY, wrong as string, bytesOf())).rejects.toMatchObject(INVALID);
  await expect(Array.fromAsync(blobs.list(wrong as string))).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test.each([{ start: -1 }, { start: 3, end: 2 }, { start: 0.5 }])("no read of the range %j begins", async (range) => {
  const log: Log = [];
  await expect(toBytes(defineBlobs(blobBackend(log)).read(AT, range))).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test("an aborted signal stops every call before the backend", async () => {
  const log: Log = [];
  const blobs = defineBlobs(blobBackend(log));
  const calls = [
    () => blobs.stat(KEY, aborted),
    () => Array.fromAsync(blobs.list("s", aborted)),
    () => toBytes(blobs.read(AT, undefined, aborted)),
    () => blobs.create(KEY, "g", bytesOf(), aborted),
    () => blobs.append(AT, ONE, aborted),
    () => blobs.delete(AT, aborted),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "ABORTED", id: "s" });
  expect(log).toEqual([]);
});

test("refs are made of what the backend knows", async () => {
  // A backend may know more of a blob than a ref tells.
  const blobs = defineBlobs(blobBackend([], Object.assign({ generation: "g", size: 5 }, { row: 7 })));
  expect(await blobs.stat(KEY)).toEqual(AT);
  expect(await Array.fromAsync(blobs.list("s"))).toEqual([
    AT,
    { key: { id: "s", name: "b" }, generation: "h", size: 7 },
  ]);
  expect(await blobs.append(AT, BYTES)).toEqual({ ...AT, size: 12 });
  const absent = { ...blobBackend([]), stat: async () => undefined };
  expect(await defineBlobs(absent).stat(KEY)).toBeUndefined();
  expect(await defineBlobs(absent).create(KEY, "n", bytesOf(BYTES))).toEqual({ ...AT, generation: "n", size: 7 });
});

test("the range is filled in, and cut at the size of the ref", async () => {
  const log: Log = [];
  const blobs = defineBlobs(blobBackend(log));
  for (const range of [undefined, { start: 2 }, { start: 1, end: 99 }, { start: 9, end: 99 }]) {
    await toBytes(blobs.read(AT, range));
  }
  const ranges = log.map(([, , range]) => range);
  expect(ranges).toEqual([
    { start: 0, end: 5 },
    { start: 2, end: 5 },
    { start: 1, end: 5 },
    { start: 5, end: 5 },
  ]);
});

test("a read and a listing stop between two items once they are aborted", async () => {
  const blobs = defineBlobs(blobBackend([]));
  for (const open of [
    (op: AbortController) => blobs.read(AT, undefined, op),
    (op: AbortController) => blobs.list("s", op),
  ]) {
    const controller = new AbortController();
    const reader = open(controller)[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(false);
    controller.abort();
    await expect(reader.next()).rejects.toMatchObject({ code: "ABORTED" });
  }
});

test("a consumer that leaves early closes the backend's stream", async () => {
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield ONE;
    } finally {
      closed = true;
    }
  }
  for await (const _ of defineBlobs({ ...blobBackend([]), read: endless }).read(AT)) break;
  expect(closed).toBe(true);
});

test("the backend keeps the ref that it was given, whatever the caller does to its own", async () => {
  const log: Log = [];
  const blobs = defineBlobs(blobBackend(log));
  const key = { ...KEY };
  const at = { key, generation: "g", size: 5 };
  const calls = [blobs.append(at, ONE), blobs.delete(at), blobs.stat(key)];
  Object.assign(key, { id: "other" });
  Object.assign(at, { size: 0 });
  await Promise.all(calls);
  expect(log.map(([, given]) => given)).toEqual([AT, AT, KEY]);
});

test.each(["text", [1], new ArrayBuffer(1), new Uint16Array(1), transferred()])("%o is no bytes", async (chunk) => {
  const log: Log = [];
  const absent = { ...blobBackend(log), stat: async () => undefined };
  const bytes = chunk as Uint8Array;
  await expect(defineBlobs(absent).append(AT, bytes)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
  await expect(defineBlobs(absent).create(KEY, "g", streamOf(ONE, bytes))).rejects.toMatchObject(INVALID);
});

test("a blob that is there is refused before the body is read, unless the backend sees to it", async () => {
  let pulled = 0;
  const body = async function* () {
    pulled++;
    yield ONE;
  };
  const log: Log = [];
  await expect(defineBlobs(blobBackend(log)).create(KEY, "g", body())).rejects.toMatchObject({
    code: "CONFLICT",
    id: "s",
    key: "output",
  });
  expect([pulled, log.map(([method]) => method)]).toEqual([0, ["stat"]]);
  await defineBlobs({ ...blobBackend(log), refusesEarly: true }).create(KEY, "g", body());
  expect([pulled, log.map(([method]) => method)]).toEqual([1, ["stat", "create"]]);
});

test("the backend gets rows of the size that it asks for", async () => {
  const sizes: number[] = [];
  const create = async (_: unknown, __: string, body: AsyncIterable<Uint8Array>) => {
    for await (const row of body) sizes.push(row.length);
    return 7;
  };
  await defineBlobs({ ...blobBackend([]), create, refusesEarly: true, rowBytes: 3 }).create(KEY, "g", bytesOf(BYTES));
  expect(sizes).toEqual([3, 3, 1]);
});

test("the backend's own errors get a code and say what they are about", async () => {
  const failing = { ...blobBackend([]), append: () => Promise.reject(new Error("the disk")) };
  const unavailable = { code: "UNAVAILABLE", message: "the disk", id: "s", key: "output" };
  await expect(defineBlobs(failing).append(AT, ONE)).rejects.toMatchObject(unavailable);
  const refusing = { ...blobBackend([]), append: () => Promise.reject(blobChanged(AT)) };
  await expect(defineBlobs(refusing).append(AT, ONE)).rejects.toMatchObject({ code: "CONFLICT" });
});

function transferred(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

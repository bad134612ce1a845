/** What an adapter adds to all of its ports: a look at whether it is open, and names for its failures. */
import { expect, test } from "vitest";
import { type AdapterOptions, actionOf, type Call, defineAdapter } from "../../src/adapter.js";
import { ArchiverError, bytesOf, type Ports, toBytes } from "../../src/index.js";
import { archiveBackend, blobBackend, type Log, objectBackend } from "./support.js";

const KEY = { id: "s", name: "output" };
const AT = { key: KEY, generation: "g", size: 5 };
const ACTIONS = [
  'read object "s"',
  'write object "s"',
  'delete object "s"',
  "list the objects",
  "add up the stored bytes",
  "read the store's own metadata",
  "write the store's own metadata",
  'look at blob "output" of "s"',
  'list the blobs of "s"',
  'read blob "output" of "s"',
  'create blob "output" of "s"',
  'append to blob "output" of "s"',
  'delete blob "output" of "s"',
  'measure the blobs of "s"',
  'write archive "a"',
  'look at archive "a"',
  'read archive "a"',
  'delete archive "a"',
  "list the archives",
  'measure archive "a"',
];

/** Every method of the ports, called. */
const everyCall = ({ objects, blobs, archives }: Ports): (() => Promise<unknown> | undefined)[] => [
  () => objects.get("s"),
  () => objects.put("s", {}, null),
  () => objects.delete("s", "1"),
  () => Array.fromAsync(objects.list()),
  () => objects.archiveBytes?.(),
  () => objects.ownMeta?.get(),
  () => objects.ownMeta?.put({}, null),
  () => blobs.stat(KEY),
  () => Array.fromAsync(blobs.list("s")),
  () => toBytes(blobs.read(AT)),
  () => blobs.create(KEY, "g", bytesOf()),
  () => blobs.append(AT, Uint8Array.of(1)),
  () => blobs.delete(AT),
  () => blobs.diskBytes?.("s"),
  () => archives.put("a", bytesOf()),
  () => archives.stat("a"),
  () => toBytes(archives.read("a")),
  () => archives.delete("a"),
  () => Array.fromAsync(archives.list()),
  () => archives.diskBytes?.("a"),
];

/** Ports all of whose backends fail. */
function failing(options: AdapterOptions, log: Log = []): Ports {
  const fail = (): never => {
    log.push(["called"]);
    throw new RangeError("the disk");
  };
  const all = (backend: object) => Object.fromEntries(Object.keys(backend).map((name) => [name, fail]));
  const ownMeta = { place: "somewhere", get: fail, put: fail };
  const objects = { ...all(objectBackend([])), archiveBytes: fail, ownMeta };
  const diskBytes = fail;
  const blobs = { ...all(blobBackend([])), diskBytes };
  const archives = { ...all(archiveBackend([])), diskBytes };
  const backends = { objects, blobs, archives };
  return defineAdapter(backends as unknown as Parameters<typeof defineAdapter>[0], options);
}

test("the adapter hears of every call first, and may refuse it", async () => {
  const log: Log = [];
  const begun: Call[] = [];
  const begin = (call: Call): void => {
    begun.push(call);
    throw new ArchiverError("UNAVAILABLE", "The store is closed.", call);
  };
  for (const call of everyCall(failing({ begin }, log))) {
    await expect(call()).rejects.toMatchObject({ code: "UNAVAILABLE", message: "The store is closed." });
  }
  expect(begun.map(actionOf)).toEqual(ACTIONS);
  expect(log).toEqual([]);
});

test("a stream stops between two items once the store is closed", async () => {
  let closed = false;
  const begin = (): void => {
    if (closed) throw new ArchiverError("UNAVAILABLE", "The store is closed.");
  };
  const ports = defineAdapter(
    { objects: objectBackend([]), blobs: blobBackend([]), archives: archiveBackend([]) },
    { begin },
  );
  const reader = ports.blobs.read(AT)[Symbol.asyncIterator]();
  await reader.next();
  closed = true;
  await expect(reader.next()).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("the adapter gives every failure its meaning, and knows which call it was", async () => {
  const said: string[] = [];
  const translate = async (error: unknown, call: Call) => {
    said.push(actionOf(call));
    return new ArchiverError("QUOTA", "The disk is full.", { ...call, cause: error });
  };
  for (const call of everyCall(failing({ translate }))) {
    await expect(call()).rejects.toMatchObject({ code: "QUOTA", cause: { message: "the disk" } });
  }
  expect(said).toEqual(ACTIONS);
});

test("without it a failure that has no code is UNAVAILABLE, and one that has keeps it", async () => {
  for (const call of everyCall(failing({}))) {
    await expect(call()).rejects.toMatchObject({ code: "UNAVAILABLE", message: "the disk" });
  }
  const get = () => Promise.reject(Object.assign(new Error("of another copy"), { code: "CORRUPT" }));
  const objects = { ...objectBackend([]), get };
  const ports = defineAdapter({ objects, blobs: blobBackend([]), archives: archiveBackend([]) });
  await expect(ports.objects.get("a")).rejects.toMatchObject({ code: "CORRUPT" });
});

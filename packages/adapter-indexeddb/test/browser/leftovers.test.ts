/** What writers leave that end in the middle, and what is nobody's to collect. */
import { toBytes } from "@session-archiver/core";
import { expect, test, vi } from "vitest";
import { inChunks, MIB, pattern } from "./support/bytes.js";
import type { Half } from "./support/half.worker.js";
import { count, databaseName, newStore, open, raw } from "./support/stores.js";

const KEY = { id: "s", name: "output" };

/** Starts a write in a worker of its own, and waits until half of it is stored. */
async function halfWritten(name: string): Promise<Worker> {
  const worker = new Worker(new URL("./support/half.worker.ts", import.meta.url), { type: "module" });
  const said = Promise.withResolvers<Half>();
  worker.onmessage = ({ data }: MessageEvent<Half>) => said.resolve(data);
  worker.onerror = (event) => said.reject(new Error(event.message));
  worker.postMessage(name);
  expect(await said.promise).toBe("half");
  return worker;
}

/** A body that pauses where its first batch is stored for certain: behind the piece that had to wait for that. */
function paused(): { body: AsyncGenerator<Uint8Array>; underWay: Promise<void>; goOn(): void } {
  const { promise: underWay, resolve: isUnderWay } = Promise.withResolvers<void>();
  const { promise: pause, resolve: goOn } = Promise.withResolvers<void>();
  const body = async function* () {
    yield* inChunks(pattern(9 * MIB), MIB);
    isUnderWay();
    await pause;
    yield pattern(MIB, 2);
  };
  return { body: body(), underWay, goOn };
}

test("what a worker left that was ended in the middle is collected by the next opening", async () => {
  const name = databaseName();
  const worker = await halfWritten(name);
  expect(await count(name, "chunks")).toBeGreaterThan(0);
  worker.terminate();
  // The browser lets go of the lock of an ended worker in its own time.
  const [row] = await raw(name, (db) => db.getAll("loose"));
  await navigator.locks.request(`session-archiver:${name}:writer:${row.owner}`, () => {});
  await open(name);
  expect(await count(name, "loose")).toBe(0);
  expect(await count(name, "chunks")).toBe(0);
});

test("what another worker still writes is not collected", async () => {
  const name = databaseName();
  const worker = await halfWritten(name);
  const store = await open(name);
  const before = await count(name, "chunks");
  await store.reclaim();
  expect([await count(name, "chunks"), await count(name, "loose")]).toEqual([before, 1]);
  const done = new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));
  worker.postMessage("go on");
  expect(await done).toBe("done");
  const ref = await store.blobs.stat(KEY);
  expect(ref && (await toBytes(store.blobs.read(ref))).length).toBe(ref?.size);
  worker.terminate();
});

test("a writer that was given up for dead publishes nothing, and says so", async () => {
  const { store, name } = await newStore();
  const { body, underWay, goOn } = paused();
  const creating = store.blobs.create(KEY, "g", body);
  await underWay;
  expect(await count(name, "loose")).toBe(1);
  await raw(name, async (db) => {
    await db.put("loose", { owner: null, seenAt: 0 }, (await db.getAllKeys("loose"))[0]);
  });
  await (await open(name)).reclaim();
  expect(await count(name, "chunks")).toBe(0);
  goOn();
  await expect(creating).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("given up") });
  expect(await store.blobs.stat(KEY)).toBeUndefined();
  expect([await count(name, "chunks"), await count(name, "loose")]).toEqual([0, 0]);
});

test("without Web Locks only what was left alone for a day is collected", async () => {
  vi.stubGlobal("navigator", {});
  try {
    const { store, name } = await newStore();
    const { body, underWay, goOn } = paused();
    const creating = store.blobs.create(KEY, "g", body);
    await underWay;
    expect(await count(name, "loose")).toBe(1);
    await (await open(name)).reclaim();
    expect(await count(name, "chunks")).toBeGreaterThan(0);
    goOn();
    expect((await creating).size).toBe(10 * MIB);
    await raw(name, (db) => db.put("loose", { owner: "somebody", seenAt: Date.now() - 25 * 60 * 60 * 1000 }, 1000));
    await raw(name, (db) => db.put("chunks", pattern(10), [1000, 10]));
    await store.reclaim();
    expect(await count(name, "loose")).toBe(0);
    expect(await count(name, "chunks")).toBe(10);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("a stream longer than a step is deleted whole, step by step", async () => {
  const { store, name } = await newStore();
  // Rows without their bytes: 600 MiB by their keys.
  await raw(name, async (db) => {
    const tx = db.transaction(["chunks", "archives"], "readwrite");
    for (let n = 1; n <= 600; n++) void tx.objectStore("chunks").put(pattern(1), [77, n * MIB]);
    void tx.objectStore("archives").put({ key: "a", size: 600 * MIB, rows: 0, stream: 77, createdAt: 1 });
    void tx.objectStore("chunks").put(pattern(1), [78, 1]);
    await tx.done;
  });
  await store.archives.delete("a");
  expect([await count(name, "chunks"), await count(name, "loose"), await count(name, "archives")]).toEqual([1, 0, 0]);
});

test("stream numbers never come twice, also after all was deleted", async () => {
  const { store, name } = await newStore();
  const streamOf = async (key: string): Promise<number> => {
    await store.archives.put(key, inChunks(pattern(10), 10));
    const row = await raw(name, (db) => db.get("archives", key));
    await store.archives.delete(key);
    return row.stream;
  };
  const first = await streamOf("a");
  expect(await streamOf("a")).toBeGreaterThan(first);
});

/** Several processes at once, and processes that are killed in the middle. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type BlobRef, bytesOf, hasCode, toBytes } from "@session-archiver/core";
import { finish, killAfter } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { openFs } from "../../src/index.js";
import { start } from "../support/processes.js";
import { temporary } from "../support/temporary.js";

const KEY = { id: "session", name: "output" };
const WORKERS = [1, 2, 3];
const STEPS = 40;

function all(directory: string, task: string, argument: number | string): Promise<string[][]> {
  return Promise.all(WORKERS.map(() => finish(start(directory, task, argument))));
}

test("processes that count together lose no count", async () => {
  await using directory = await temporary();
  const versions = (await all(directory.path, "count", STEPS)).flat();
  await using store = openFs(directory.path);
  expect((await store.objects.get("counter"))?.meta).toEqual({ count: WORKERS.length * STEPS });
  expect(new Set(versions).size).toBe(WORKERS.length * STEPS);
});

test("processes that append to one blob lose and tear no line", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.blobs.create(KEY, "1", bytesOf());
  const lines = (await all(directory.path, "append", STEPS)).flat();
  const at = await store.blobs.stat(KEY);
  const text = at && new TextDecoder().decode(await toBytes(store.blobs.read(at)));
  expect(text?.trimEnd().split("\n").sort()).toEqual(lines.sort());
});

test("of processes that put one archive exactly one wins", async () => {
  await using directory = await temporary();
  const results = (await all(directory.path, "put", "a/b.jsonl.gz")).flat().map((line) => line.split(" "));
  expect(results.map(([, outcome]) => outcome).sort()).toEqual(["CONFLICT", "CONFLICT", "won"]);
  await using store = openFs(directory.path);
  const bytes = await toBytes(store.archives.read("a/b.jsonl.gz"));
  expect(new TextDecoder().decode(bytes)).toBe(results.find(([, outcome]) => outcome === "won")?.[0]);
});

test("directories that others make and remove meanwhile trouble nobody", async () => {
  await using directory = await temporary();
  expect((await all(directory.path, "churn", STEPS)).flat()).toEqual(["done", "done", "done"]);
  expect(await readdir(join(directory.path, "archives"))).toEqual([".staging"]);
});

test("a process killed while it appends leaves whole appends only, and every one that has resolved", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.blobs.create(KEY, "1", bytesOf());
  const data = join(directory.path, "store", "session", "output@1.jsonl");
  const chunk = 1_000_003;
  const now = async (): Promise<BlobRef> => (await store.blobs.stat(KEY)) ?? { key: KEY, generation: "", size: -1 };
  // One that tears kills itself; one that grows is killed some turns after its second line.
  for (const [round, task] of ["tear", "tear", "grow", "grow"].entries()) {
    const before = await now();
    const resolved = await killAfter(start(directory.path, task, chunk), task === "tear" ? undefined : 2, async () => {
      for (let turn = 0; turn < round * 5; turn++) await setImmediate();
    });
    const at = await now();
    expect(at.size).toBeGreaterThanOrEqual(Number(resolved.at(-1)));
    expect((at.size - before.size) % chunk).toBe(0);
    if (task === "tear") expect((await stat(data)).size).toBe(at.size + (chunk >> 1));
    let from = 0;
    for await (const piece of store.blobs.read(at)) {
      expect(piece.findIndex((byte, n) => byte !== 48 + (Math.floor((from + n) / chunk) % 10))).toBe(-1);
      from += piece.length;
    }
  }
});

test("a process killed in the middle of a body leaves nothing that counts, and hinders nobody", async () => {
  await using directory = await temporary();
  await killAfter(start(directory.path, "stall"), 2, async () => {});
  await using store = openFs(directory.path);
  expect(await readdir(join(directory.path, "store", ".staging"))).toHaveLength(1);
  expect(await store.blobs.stat(KEY)).toBeUndefined();
  expect(await Array.fromAsync(store.blobs.list(KEY.id))).toEqual([]);
  expect(await Array.fromAsync(store.archives.list())).toEqual([]);
  await store.blobs.create(KEY, "2", bytesOf());
  await store.archives.put("a.jsonl.gz", bytesOf());
  // It is too young to be removed: its process might still be writing.
  expect(await readdir(join(directory.path, "store", ".staging"))).toHaveLength(1);
});

test("a process that holds the lock keeps others out, with UNAVAILABLE, until it dies", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path, { lockTimeoutMs: 50 });
  const version = await store.objects.put("a", { n: 1 }, null);
  await killAfter(start(directory.path, "hold"), 1, async () => {
    await expect(store.objects.put("a", { n: 2 }, version)).rejects.toSatisfy((e) => hasCode(e, "UNAVAILABLE"));
    expect((await store.objects.get("a"))?.version).toBe(version);
    expect(await Array.fromAsync(store.objects.list())).toHaveLength(1);
  });
  await store.objects.put("a", { n: 2 }, version);
});

test("a write without room is QUOTA and changes nothing", async () => {
  await using directory = await temporary();
  const lines = await finish(start(directory.path, "overflow", 100_000, 64));
  expect(lines).toEqual(["QUOTA", "QUOTA", "QUOTA", "QUOTA", "room for less"]);
  await using store = openFs(directory.path);
  expect(await Array.fromAsync(store.archives.list())).toEqual([]);
  expect(await Array.fromAsync(store.objects.list())).toEqual([]);
  expect(await store.blobs.stat({ id: "other", name: "output" })).toBeUndefined();
  expect((await store.blobs.stat(KEY))?.size).toBe(30);
  expect(await readFile(join(directory.path, "store", "session", "output@1.jsonl"))).toHaveLength(30);
  expect(await readdir(join(directory.path, "store", ".staging"))).toEqual([]);
  expect(await readdir(join(directory.path, "archives", ".staging"))).toEqual([]);
});

/** Sweeps: which sessions are archived and which left alone, what is reported, and how one ends early. */
import { expect, test } from "vitest";
import { isRecordKey, sessionIdOf } from "../../src/format.js";
import { createArchiver, emptyReport } from "../../src/index.js";
import { unreachable } from "../faults.js";
import { DAY, IDLE, jsonl, keysOf, makeSession, NOW, readText, world } from "../support.js";

const TWO_LINES = '{"a":1}\n{"b":2}\n';
const OLD = { "session:last_activity_ms": NOW - 10 * DAY, "session:line_count": 2 };
const text = jsonl(5);

test("a sweep archives one session that was idle for ten days, and its live blob is gone", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES, OLD);
  const report = await w.archiver.sweep({ inactiveDays: 1, maxTotalBytes: 2 * 1024 ** 3 });
  expect(report).toMatchObject({ archivedCount: 1, failedCount: 0, liveBytesFreed: TWO_LINES.length });
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
  const object = await w.ports.objects.get("s");
  expect(object?.meta["session:archived_at"]).toBeGreaterThan(0);
  expect(object?.meta["session:archived_bytes"]).toBe(TWO_LINES.length);
  expect(await keysOf(w)).toContain(object?.meta["session:archive_path"]);
});

test.each([
  ["another view", { view: "terminal", ...OLD }],
  ["no last activity", { "session:line_count": 2 }],
  ["an activity of 0", { ...OLD, "session:last_activity_ms": 0 }],
  ["no line count", { "session:last_activity_ms": NOW - 10 * DAY }],
  ["no lines", { ...OLD, "session:line_count": 0 }],
  ["recent activity", { ...OLD, "session:last_activity_ms": NOW - DAY + 1 }],
  ["a pin", { ...OLD, "session:pinned": true }],
])("a sweep leaves a session with %s alone", async (_, meta) => {
  const w = world();
  await makeSession(w, "s", TWO_LINES, meta);
  expect(await w.archiver.sweep({ inactiveDays: 1 })).toMatchObject({ archivedCount: 0, failedCount: 0 });
  expect(await keysOf(w)).toEqual([]);
});

test("a session idle for exactly the threshold is archived", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES, { ...OLD, "session:last_activity_ms": NOW - DAY });
  expect((await w.archiver.sweep({ inactiveDays: 1 })).archivedCount).toBe(1);
});

test("one failure is reported and the sweep goes on", async () => {
  const w = world();
  for (const id of ["a", "b", "c"]) await makeSession(w, id, TWO_LINES, OLD);
  const { put } = w.ports.archives;
  w.ports.archives.put = (key, body, op) => {
    if (sessionIdOf(key) === "b") throw Object.assign(new Error("no room"), { code: "QUOTA" });
    return put(key, body, op);
  };
  const report = await w.archiver.sweep({ inactiveDays: 1 });
  expect(report).toMatchObject({ archivedCount: 2, failedCount: 1 });
  expect(report.failures).toEqual([{ id: "b", code: "QUOTA", message: "no room" }]);
  expect(await readText(w, "b")).toBe(TWO_LINES);
});

test("reports the bytes that it moved", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  const report = await w.archiver.sweep();
  const sizes = await Promise.all((await keysOf(w)).map(async (key) => (await w.ports.archives.stat(key))?.size ?? 0));
  expect(report).toMatchObject({ liveBytesFreed: text.length, archiveBytesAdded: sizes.reduce((a, b) => a + b) });
});

test("a second sweep has nothing to do, and emits no event", async () => {
  const w = world();
  for (const id of ["a", "b"]) await makeSession(w, id, text, IDLE);
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 2, skippedCount: 0, failedCount: 0 });
  const keys = await keysOf(w);
  w.events.length = 0;
  expect(await w.archiver.sweep()).toEqual(emptyReport());
  expect(w.events).toEqual([]);
  expect(await keysOf(w)).toEqual(keys);
});

test("counts what both archiving and settling free, however they end side by side", async () => {
  const w = world();
  const sizes = Array.from({ length: 12 }, (_, n) => 1000 + n);
  const { delete: remove } = w.ports.blobs;
  for (const [n, size] of sizes.entries()) await makeSession(w, `s${n}`, "a".repeat(size), IDLE);
  w.ports.blobs.delete = unreachable;
  for (const n of [1, 4, 5, 8, 10]) await w.archiver.archive(`s${n}`);
  w.ports.blobs.delete = remove;
  const report = await w.archiver.sweep();
  expect(report).toMatchObject({ archivedCount: 7, liveBytesFreed: sizes.reduce((sum, size) => sum + size, 0) });
});

test("settles what a crash left behind", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = async () => {
    throw Object.assign(new Error("power cut"), { code: "UNAVAILABLE" });
  };
  await w.archiver.archive("s");
  w.ports.blobs.delete = remove;
  expect(await readText(w, "s")).toBe(text);
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, liveBytesFreed: text.length });
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, liveBytesFreed: 0, skippedCount: 0 });
});

test("leaves a session alone that came alive after it was listed", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    const object = await w.ports.objects.get("s");
    if (!isRecordKey(key) && object) {
      await w.ports.objects.put("s", { ...object.meta, "session:last_activity_ms": NOW }, object.version);
    }
    return info;
  };
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, skippedCount: 1, failedCount: 0 });
  expect((await w.archiver.info("s")).state).toBe("live");
  expect(await keysOf(w)).toEqual([]);
});

test("keeps up with stats that are written meanwhile", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    const object = await w.ports.objects.get("s");
    if (object) await w.ports.objects.put("s", { ...object.meta, title: key }, object.version);
    return info;
  };
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1, failedCount: 0 });
  expect((await w.archiver.info("s")).meta["title"]).toMatch(/gz$/);
});

test("an abort stops it, and what it was doing is undone", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(20_000), IDLE);
  const controller = new AbortController();
  const { put } = w.ports.archives;
  w.ports.archives.put = (key, body, op) => {
    controller.abort();
    return put(key, body, op);
  };
  await expect(w.archiver.sweep({ signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(await keysOf(w)).toEqual([]);
  expect(await readText(w, "s")).toBe(jsonl(20_000));
});

test("a small session takes no more calls and commits than its safety asks for", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3), IDLE);
  const calls: string[] = [];
  const noting = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, method) {
        const call = Reflect.get(target, method) as (...args: unknown[]) => unknown;
        if (typeof call === "object") return noting(`${name}.${String(method)}`, call);
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(method)}`);
          return call(...args);
        };
      },
    });
  const { objects, blobs, archives } = w.ports;
  const ports = {
    objects: noting("objects", objects),
    blobs: noting("blobs", blobs),
    archives: noting("archives", archives),
  };
  const archiver = createArchiver({ ...ports, now: () => w.now });
  await archiver.storeId(); // made once in a store's life
  calls.length = 0;
  await archiver.sweep({ maxTotalBytes: Number.POSITIVE_INFINITY });
  // Looked at once before the commit and once after the delete: the swaps themselves show that nothing came between.
  expect(calls.filter((call) => call === "objects.get")).toEqual([]);
  expect(calls.filter((call) => call === "blobs.list")).toHaveLength(2);
  const commits = calls.filter((call) => /put|delete|create|append/.test(call));
  expect(commits).toEqual(["archives.put", "objects.put", "blobs.delete", "objects.put"]);
});

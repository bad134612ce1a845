/** What the object store's backend is spared, and what it is given. */
import { expect, test } from "vitest";
import { defineObjects, encodeListing, KEY, type KeptListing } from "../../src/adapter.js";
import type { Meta } from "../../src/index.js";
import { aborted, ILLEGAL, type Log, objectBackend, streamOf } from "./support.js";

const INVALID = { code: "INVALID_ARGUMENT" };

test.each(ILLEGAL)("the id %j never reaches the backend", async (id) => {
  const log: Log = [];
  const objects = defineObjects(objectBackend(log));
  await expect(objects.get(id as string)).rejects.toMatchObject(INVALID);
  await expect(objects.put(id as string, {}, null)).rejects.toMatchObject(INVALID);
  await expect(objects.delete(id as string, "1")).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test.each([undefined, 1, {}])("the version %j never reaches the backend", async (version) => {
  const log: Log = [];
  const objects = defineObjects({ ...objectBackend(log), ownMeta: own(log) });
  await expect(objects.put("a", {}, version as string)).rejects.toMatchObject({ ...INVALID, id: "a" });
  await expect(objects.delete("a", version as string)).rejects.toMatchObject({ ...INVALID, id: "a" });
  await expect(objects.ownMeta?.put({}, version as string)).rejects.toMatchObject(INVALID);
  await expect(objects.delete("a", null as unknown as string)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

const circle: Record<string, unknown> = {};
circle["itself"] = circle;
const NO_METADATA: readonly unknown[] = [
  null,
  [],
  "{}",
  7,
  circle,
  { n: 1n },
  { toJSON: () => undefined },
  new Date(0),
];

test.each(NO_METADATA.map((meta) => [meta]))("what is no metadata never reaches the backend: %o", async (meta) => {
  const log: Log = [];
  const objects = defineObjects({ ...objectBackend(log), ownMeta: own(log) });
  await expect(objects.put("a", meta as Meta, null)).rejects.toMatchObject({ ...INVALID, id: "a" });
  await expect(objects.ownMeta?.put(meta as Meta, null)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test("an aborted signal stops every call before the backend", async () => {
  const log: Log = [];
  const backend = { ...objectBackend(log), ownMeta: own(log), archiveBytes: async () => log.push(["archiveBytes"]) };
  const objects = defineObjects(backend);
  const calls = [
    () => objects.get("a", aborted),
    () => objects.put("a", {}, null, aborted),
    () => objects.delete("a", "1", aborted),
    () => Array.fromAsync(objects.list({}, aborted)),
    () => objects.archiveBytes?.(aborted),
    () => objects.ownMeta?.get(aborted),
    () => objects.ownMeta?.put({}, null, aborted),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
  expect(log).toEqual([]);
});

test("put gives the backend JSON as it was when it was called, the values to index, and a fresh version", async () => {
  const log: Log = [];
  const objects = defineObjects(objectBackend(log));
  const meta = { view: "agent", list: [1], [KEY.lastActivity]: 5 };
  const version = objects.put("a", meta, null);
  meta.list.push(2);
  const again = await objects.put("a", {}, "1");
  const [first, second] = log;
  expect(first).toMatchObject([
    "put",
    "a",
    { version: await version, index: { lastActivityMs: 5 } },
    null,
    { id: "a" },
  ]);
  expect(first?.[2]).toMatchObject({ json: `{"view":"agent","list":[1],"${KEY.lastActivity}":5}` });
  expect(second).toMatchObject(["put", "a", { version: again, json: "{}" }, "1", { method: "objects.put" }]);
  expect(again).not.toBe(await version);
});

test("a swap that did not take is CONFLICT, of objects and of the store's own metadata", async () => {
  const objects = defineObjects({ ...objectBackend([]), ownMeta: own([]) });
  const conflict = { code: "CONFLICT", id: "a" };
  await expect(objects.put("a", {}, "stale")).rejects.toMatchObject({ ...conflict, message: /at version stale/ });
  await expect(objects.delete("a", "stale")).rejects.toMatchObject(conflict);
  await expect(objects.ownMeta?.put({}, "stale")).rejects.toMatchObject({ code: "CONFLICT", message: /own metadata/ });
  const absent = defineObjects({ ...objectBackend([]), put: async () => undefined });
  await expect(absent.put("a", {}, null)).rejects.toMatchObject({ ...conflict, message: /not absent/ });
});

test("stored metadata is parsed, or taken as it is", async () => {
  const rows = { a: { version: "1", json: '{"n":1}' }, b: { version: "2", meta: { n: 2 } } };
  const objects = defineObjects(objectBackend([], rows));
  expect(await objects.get("a")).toEqual({ id: "a", version: "1", meta: { n: 1 } });
  expect(await objects.get("b")).toEqual({ id: "b", version: "2", meta: { n: 2 } });
  expect(await objects.get("c")).toBeUndefined();
});

const DAMAGED = [
  { version: "1", json: "{" },
  { version: "1", json: "[]" },
  { version: "1", json: 7 },
  { version: "1", meta: null },
  { version: 1, json: "{}" },
];

test.each(DAMAGED)("what no put can have stored is CORRUPT, and hides no other: %j", async (row) => {
  const fine = { version: "1", json: "{}" };
  const skipped: Error[] = [];
  const rows = { a: fine, bad: row, c: fine };
  const listed = ["a", "bad", { id: "d", ...row }, [{ id: "e", ...fine }, "gone"], ["c"], []];
  const objects = defineObjects(objectBackend([], rows, listed), { onSkipped: (error) => skipped.push(error) });
  await expect(objects.get("bad")).rejects.toMatchObject({ code: "CORRUPT", id: "bad", message: /"bad"/ });
  expect((await Array.fromAsync(objects.list())).map(({ id }) => id)).toEqual(["a", "e", "c"]);
  expect(skipped).toMatchObject([
    { code: "CORRUPT", id: "bad" },
    { code: "CORRUPT", id: "d" },
  ]);
  // Without `onSkipped` it is the same.
  expect(await Array.fromAsync(defineObjects(objectBackend([], rows)).list())).toHaveLength(2);
});

test("an id that is not text is damage as well, whether it is listed alone or in a row", async () => {
  const row = { version: "1", json: "{}" };
  const skipped: Error[] = [];
  const listed = [{ id: 7, ...row }, 8 as unknown as string, "a"];
  const objects = defineObjects(objectBackend([], { a: row }, listed), { onSkipped: (error) => skipped.push(error) });
  expect((await Array.fromAsync(objects.list({ prefix: "a" }))).map(({ id }) => id)).toEqual(["a"]);
  expect(skipped).toMatchObject([{ code: "CORRUPT" }, { code: "CORRUPT" }]);
});

test("what says nothing about one object ends the listing", async () => {
  const backend = objectBackend([], {}, ["a"]);
  const broken = defineObjects({ ...backend, get: () => Promise.reject(new Error("the network")) });
  await expect(Array.fromAsync(broken.list())).rejects.toMatchObject({ code: "UNAVAILABLE", message: "the network" });
});

test("a listing gives what matches, whatever the backend gave", async () => {
  const rows = { ab: { version: "1", json: "{}" }, b: { version: "1", json: "{}" } };
  const objects = defineObjects(objectBackend([], rows, ["ab", { id: "b", version: "1", json: "{}" }]));
  expect((await Array.fromAsync(objects.list({ prefix: "a" }))).map(({ id }) => id)).toEqual(["ab"]);
  expect(await Array.fromAsync(objects.list({ archived: true }))).toEqual([]);
});

test("an object is got when the consumer asks for it, and none after an abort", async () => {
  const log: Log = [];
  const row = { version: "1", json: "{}" };
  const objects = defineObjects(objectBackend(log, { a: row, b: row }));
  const controller = new AbortController();
  const reader = objects.list({}, controller)[Symbol.asyncIterator]();
  await reader.next();
  expect(log.filter(([method]) => method === "get")).toHaveLength(1);
  controller.abort();
  await expect(reader.next()).rejects.toMatchObject({ code: "ABORTED" });
  expect(log.filter(([method]) => method === "get")).toHaveLength(1);
});

test("an abort stops a listing in the middle of a page of rows", async () => {
  const page = ["a", "b"].map((id) => ({ id, version: "1", json: "{}" }));
  const controller = new AbortController();
  const reader = defineObjects(objectBackend([], {}, [page]))
    .list({}, controller)
    [Symbol.asyncIterator]();
  expect((await reader.next()).value).toMatchObject({ id: "a" });
  controller.abort();
  await expect(reader.next()).rejects.toMatchObject({ code: "ABORTED" });
});

test("kept listings are parsed; for those that aren't understood the metadata counts, and damage is skipped", async () => {
  const skipped: Error[] = [];
  const rows = {
    got: { version: "1", json: '{"view":"agent","session:pinned":true}' },
    broken: { version: "1", json: "{" },
  };
  const kept = (id: unknown, listing: unknown, json?: string): KeptListing => ({
    ...{ id, lastActivityMs: 5, listing },
    stored: json === undefined ? undefined : { version: "", json },
  });
  const listing = encodeListing("", { [KEY.lineCount]: 3 });
  const pages: readonly (KeptListing | readonly KeptListing[])[] = [
    kept("a", listing),
    [kept("got", "[9,1]"), kept("other", listing), kept("broken", null), kept(7, listing)],
    [kept("whole", null, '{"host":1,"session:line_count":4}'), kept("worse", "{", "null"), kept("gone", undefined)],
    [],
  ];
  const log: Log = [];
  const backend = {
    ...objectBackend(log, rows),
    listNewest(...call: readonly unknown[]) {
      log.push(["listNewest", ...call]);
      return streamOf(...pages);
    },
  };
  const objects = defineObjects(backend, { onSkipped: (error) => skipped.push(error) });
  const after = { id: "x", lastActivityMs: null };
  expect(await Array.fromAsync(objects.listNewest?.({ after }) ?? [])).toEqual([
    { id: "a", lastActivityMs: 5, listing: { [KEY.lineCount]: 3 } },
    { id: "got", lastActivityMs: 5, listing: { [KEY.pinned]: true } },
    { id: "other", lastActivityMs: 5, listing: { [KEY.lineCount]: 3 } },
    { id: "whole", lastActivityMs: 5, listing: { [KEY.lineCount]: 4 } },
  ]);
  expect(log[0]).toEqual(["listNewest", { after }, { method: "objects.listNewest", id: undefined, signal: undefined }]);
  expect(skipped).toMatchObject([{ id: "broken" }, { message: /not text/ }, { id: "worse" }]);
  const some = await Array.fromAsync(objects.listNewest?.({ prefix: "o" }) ?? []);
  expect(some.map(({ id }) => id)).toEqual(["other"]);

  await objects.put("a", { [KEY.lineCount]: 3, [KEY.settlingAt]: 1, [KEY.lastActivity]: 2 }, null);
  const put = log.find(([method]) => method === "put");
  expect(put?.[2]).toMatchObject({ listing: { lastActivityMs: 2, text: expect.stringMatching(/^\[1,2,/) } });
  await defineObjects(objectBackend(log)).put("b", { [KEY.lineCount]: 3 }, null);
  expect(log.at(-1)?.[2]).toMatchObject({ listing: { lastActivityMs: null, text: null } });
});

test("a list of what is kept stops between two objects once it is aborted", async () => {
  const kept = ["a", "b"].map((id) => ({ id, lastActivityMs: null, listing: "[1]" }));
  const objects = defineObjects({ ...objectBackend([]), listNewest: () => streamOf(kept) });
  expect("listNewest" in defineObjects(objectBackend([]))).toBe(false);
  const controller = new AbortController();
  const reader = (objects.listNewest?.({}, controller) ?? expect.fail())[Symbol.asyncIterator]();
  expect((await reader.next()).value).toMatchObject({ id: "a" });
  controller.abort();
  await expect(reader.next()).rejects.toMatchObject({ code: "ABORTED" });
});

test("a store offers what its backend offers", async () => {
  const plain = defineObjects(objectBackend([]));
  expect("archiveBytes" in plain || "ownMeta" in plain).toBe(false);
  class Counting {
    readonly sum = 9;
    async archiveBytes(): Promise<number> {
      return this.sum;
    }
  }
  const { get, put, delete: remove } = objectBackend([]);
  const backend = Object.assign(new Counting(), { get, put, delete: remove, list: () => streamOf<string>() });
  expect(await defineObjects(backend).archiveBytes?.()).toBe(9);
});

test("the store's own metadata is parsed, and its damage says where it lies", async () => {
  const objects = defineObjects({ ...objectBackend([]), ownMeta: own([], { version: "1", json: '{"n":1}' }) });
  expect(await objects.ownMeta?.get()).toEqual({ version: "1", meta: { n: 1 } });
  const damaged = defineObjects({ ...objectBackend([]), ownMeta: own([], { version: "1", json: "7" }) });
  await expect(damaged.ownMeta?.get()).rejects.toMatchObject({ code: "CORRUPT", message: /in the table "own"/ });
  expect(await defineObjects({ ...objectBackend([]), ownMeta: own([]) }).ownMeta?.get()).toBeUndefined();
});

function own(log: Log, row?: { version: unknown; json: unknown }) {
  const { put } = objectBackend(log);
  return {
    place: 'in the table "own"',
    get: async () => row,
    put: (...[record, expected, call]: [Parameters<typeof put>[1], string | null, Parameters<typeof put>[3]]) =>
      put("own", record, expected, call),
  };
}

/** Changes of metadata by the host: none is lost, and none reaches what the archiver keeps. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import type { Meta } from "../../src/index.js";
import { jsonl, metaOf, readText, recordsOf } from "../support.js";
import { inState, STATES } from "./states.js";

test.each(STATES)("the metadata of a %s session changes, and nothing else does", async (state) => {
  const w = await inState(state);
  const before = await metaOf(w);
  const after = await w.archiver.update("s", (meta) => ({ ...meta, title: "mine", [KEY.lastActivity]: 5, gone: null }));
  expect(after).toEqual({ ...before, title: "mine", [KEY.lastActivity]: 5 });
  expect(await metaOf(w)).toEqual(after);
});

test("what the host may set of the archiver's keys it may set", async () => {
  const w = await inState("archived");
  const own: Meta = {
    [KEY.view]: "chat",
    [KEY.startedAt]: 1,
    [KEY.lastActivity]: 2,
    [KEY.lineCount]: 3,
    [KEY.countedTo]: { bytes: 1, newlines: 1, openLine: false },
    [KEY.pinned]: true,
    [KEY.source]: { identity: "codex:1" },
    [KEY.facts]: { by: "x", version: 1, values: {} },
    [KEY.members]: { side: { path: "a/b" } },
    [KEY.aliases]: ["t"],
  };
  expect(await w.archiver.update("s", (meta) => ({ ...meta, ...own }))).toMatchObject(own);
  expect(await w.archiver.info("s")).toMatchObject({ pinned: true, lineCount: 3, lastActivityMs: 2 });
  expect(await recordsOf(w)).toHaveLength(1);
});

test.each(STATES)("of a %s session no key of the archiver's own changes, comes or goes", async (state) => {
  const hosts = ["view", "title", "session:line_count", "session:counted_to", "session:last_activity_ms"];
  const w = await inState(state);
  const before = await w.ports.objects.get("s");
  const there = Object.keys(before?.meta ?? {}).filter((key) => !hosts.includes(key) && !key.includes("start_ts"));
  if (state !== "live") expect(there.length).toBeGreaterThan(0);
  const changes: Meta[] = [
    ...there.flatMap((key) => [{ [key]: null }, { [key]: "other" }]),
    { [KEY.removingAt]: 1 },
    { [KEY.condemned]: ["a"] },
    { [KEY.verifiedAt]: 1 },
    { [KEY.lostBytes]: 1 },
    { [KEY.settlingAt]: 1e15 },
  ];
  for (const change of changes) {
    const refused = expect(w.archiver.update("s", (meta) => ({ ...meta, ...change, title: "new" }))).rejects;
    await refused.toMatchObject({ code: "INVALID_ARGUMENT", id: "s", key: Object.keys(change)[0] });
  }
  expect(await w.ports.objects.get("s")).toEqual(before);
});

test("a change in the depth of an own key is seen, in place too", async () => {
  const w = await inState("archived");
  const before = await w.ports.objects.get("s");
  const files = (meta: Meta) => meta[KEY.archiveFiles] as unknown as { bytes: number }[];
  const refused = expect(
    w.archiver.update("s", (meta) => {
      for (const file of files(meta)) file.bytes++;
      return meta;
    }),
  ).rejects;
  await refused.toMatchObject({ code: "INVALID_ARGUMENT", key: KEY.archiveFiles });
  expect(await w.ports.objects.get("s")).toEqual(before);
  expect(await readText(w, "s")).toBe(jsonl(3));
});

test("the same metadata is left as it is; what is changed in place is a change", async () => {
  const w = await inState("live");
  const before = await w.ports.objects.get("s");
  expect(await w.archiver.update("s", (meta) => meta)).toEqual(before?.meta);
  expect(await w.archiver.update("s", (meta) => ({ ...meta }))).toEqual(before?.meta);
  expect(await w.ports.objects.get("s")).toEqual(before);
  const objects = w.ports.objects;
  await objects.put("nulls", { gone: null }, null);
  const nulls = await objects.get("nulls");
  await w.archiver.update("nulls", (meta) => meta);
  expect(await objects.get("nulls")).toEqual(nulls);
  await w.archiver.update("s", (meta) => Object.assign(meta, { title: "in place" }));
  expect(await metaOf(w)).toMatchObject({ title: "in place" });
});

test("changes made at the same time are all there", async () => {
  const w = await inState("archived");
  const count = async () => w.archiver.update("s", (meta) => ({ ...meta, n: Number(meta["n"] ?? 0) + 1 }));
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(count));
  expect((await metaOf(w))?.["n"]).toBe(8);
});

test("what archives meanwhile is not undone", async () => {
  const w = await inState("live");
  const { get } = w.ports.objects;
  let archived = false;
  w.ports.objects.get = async (...args) => {
    const object = await get(...args);
    w.ports.objects.get = get;
    archived = (await w.archiver.archive("s")).outcome === "archived";
    return object;
  };
  await w.archiver.update("s", (meta) => ({ ...meta, title: "mine" }));
  expect(archived).toBe(true);
  expect(await w.archiver.info("s")).toMatchObject({ state: "archived", meta: { title: "mine" } });
  expect(await readText(w, "s")).toBe(jsonl(3));
});

test.each([
  ["nothing", () => undefined, "must be an object, is undefined"],
  ["null", () => null, "must be an object, is null"],
  ["a list", () => [], "must be an object, is an array"],
  ["a promise", async (meta: Meta) => meta, "a promise: it must be there at once"],
  ["what JSON can't hold", (meta: Meta) => ({ ...meta, n: 1n }), "JSON can hold"],
])("%s is no metadata", async (_, change, message) => {
  const w = await inState("live");
  const before = await w.ports.objects.get("s");
  const refused = expect(w.archiver.update("s", change as unknown as (meta: Meta) => Meta)).rejects;
  await refused.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) });
  expect(await w.ports.objects.get("s")).toEqual(before);
});

test("what the change throws is passed on, and nothing has changed", async () => {
  const w = await inState("live");
  const before = await w.ports.objects.get("s");
  const error = new RangeError("mine");
  await expect(
    w.archiver.update("s", () => {
      throw error;
    }),
  ).rejects.toBe(error);
  expect(await w.ports.objects.get("s")).toEqual(before);
  await expect(w.archiver.update("t", (meta) => meta)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

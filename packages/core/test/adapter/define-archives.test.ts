/** What the sink's backend is spared, and what it is given. */
import { expect, test } from "vitest";
import { defineArchives } from "../../src/adapter.js";
import { bytesOf, toBytes } from "../../src/index.js";
import { aborted, archiveBackend, ILLEGAL, type Log } from "./support.js";

const INVALID = { code: "INVALID_ARGUMENT" };
const STORED = [
  { key: "a", size: 5, createdAt: 1 },
  { key: "b", size: 6, createdAt: 2 },
  { key: "ac", size: 7, createdAt: 3 },
];

test.each(ILLEGAL)("the key %j never reaches the backend", async (wrong) => {
  const log: Log = [];
  const archives = defineArchives({ ...archiveBackend(log), diskBytes: () => log.push(["diskBytes"]) });
  const key = wrong as string;
  await expect(archives.put(key, bytesOf())).rejects.toMatchObject(INVALID);
  await expect(archives.stat(key)).rejects.toMatchObject(INVALID);
  await expect(toBytes(archives.read(key))).rejects.toMatchObject(INVALID);
  await expect(archives.delete(key)).rejects.toMatchObject(INVALID);
  await expect(archives.diskBytes?.(key)).rejects.toMatchObject(INVALID);
  expect(log).toEqual([]);
});

test("an aborted signal stops every call before the backend", async () => {
  const log: Log = [];
  const archives = defineArchives(archiveBackend(log));
  const calls = [
    () => archives.put("a", bytesOf(), aborted),
    () => archives.stat("a", aborted),
    () => toBytes(archives.read("a", undefined, aborted)),
    () => archives.delete("a", aborted),
    () => Array.fromAsync(archives.list("", aborted)),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "ABORTED" });
  expect(log).toEqual([]);
});

test("a range is checked, also of an archive that is not there, and filled in", async () => {
  const log: Log = [];
  const archives = defineArchives(archiveBackend(log));
  for (const range of [{ start: -1 }, { start: 3, end: 2 }, { start: 0.5 }]) {
    await expect(toBytes(archives.read("none", range))).rejects.toMatchObject(INVALID);
  }
  expect(log).toEqual([]);
  await toBytes(archives.read("a"));
  await toBytes(archives.read("a", { start: 2, end: 4 }));
  expect(log.map(([, , range]) => range)).toEqual([
    { start: 0, end: Number.MAX_SAFE_INTEGER },
    { start: 2, end: 4 },
  ]);
});

test("put, stat and list say what the backend knows, under the key", async () => {
  // A backend may know more of an archive than a sink tells.
  const archives = defineArchives(
    archiveBackend(
      [],
      STORED.map((archive) => ({ ...archive, row: 7 })),
    ),
  );
  expect(await archives.put("new", bytesOf(new Uint8Array(4)))).toEqual({ key: "new", size: 4, createdAt: 3 });
  expect(await archives.stat("b")).toEqual(STORED[1]);
  expect(await archives.stat("none")).toBeUndefined();
  expect(await Array.fromAsync(archives.list())).toEqual(STORED);
  expect(await Array.fromAsync(archives.list("a"))).toEqual([STORED[0], STORED[2]]);
});

test("a key that is taken is refused before the body is read, unless the backend sees to it", async () => {
  const log: Log = [];
  const body = { [Symbol.asyncIterator]: () => expect.fail("The body was read.") };
  await expect(defineArchives(archiveBackend(log, STORED)).put("a", body)).rejects.toMatchObject({
    code: "CONFLICT",
    key: "a",
  });
  expect(log.map(([method]) => method)).toEqual(["stat"]);
  await defineArchives({ ...archiveBackend(log, STORED), refusesEarly: true }).put("a", bytesOf());
  expect(log.map(([method]) => method)).toEqual(["stat", "put"]);
});

test("a read and a listing stop between two items once they are aborted", async () => {
  const archives = defineArchives(archiveBackend([], STORED));
  for (const open of [
    (op: AbortController) => archives.read("a", undefined, op),
    (op: AbortController) => archives.list("", op),
  ]) {
    const controller = new AbortController();
    const reader = open(controller)[Symbol.asyncIterator]();
    expect((await reader.next()).done).toBe(false);
    controller.abort();
    await expect(reader.next()).rejects.toMatchObject({ code: "ABORTED" });
  }
});

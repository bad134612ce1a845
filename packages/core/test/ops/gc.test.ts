/** What a gc deletes, and by which proof; what it leaves, and says. */
import { describe, expect, test } from "vitest";
import { bytesOf, createArchiver } from "../../src/index.js";
import { APART, DAY, encode, jsonl, keysOf, makeSession, metaOf, readText, world } from "../support.js";
import { append, dieBeforeCommit, setBack } from "./gc/support.js";

const text = jsonl(5);
const NOW = { graceDays: 0 };

describe("deletes", () => {
  test.each(["restore", "merge"])("what a %s has given up, and its note of it", async (how) => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const before = await keysOf(w);
    if (how === "restore") await w.archiver.restore("s");
    else await append(w, "s", "more\n").then(() => w.archiver.archive("s"));
    expect((await w.archiver.gc(NOW)).keys.toSorted()).toEqual(before);
    expect((await metaOf(w, "s"))["session:given_up"]).toBeUndefined();
    expect(await readText(w, "s")).toBe(how === "restore" ? text : `${text}more\n`);
    expect(await w.archiver.gc(NOW)).toMatchObject({ keys: [], unknown: { count: 0 } });
  });

  test("what the version before has left of merges and restores, by the manifests alone", async () => {
    const w = world();
    await makeSession(w, "s", text);
    for (let round = 0; round < 4; round++) {
      await w.archiver.archive("s");
      await append(w, "s", `round ${round}\n`);
    }
    await w.archiver.restore("s");
    const { "session:given_up": _, ...meta } = await metaOf(w, "s");
    await setBack(w, "s", meta);
    expect((await w.archiver.gc(NOW)).keys).toHaveLength(10);
    expect(await keysOf(w)).toEqual([]);
    expect(await readText(w, "s")).toMatch(/round 3\n$/);
  });

  test.each([
    ["all of it", (_: string) => false],
    ["all but its manifest", (key: string) => key.endsWith(".json")],
    ["its manifest alone", (key: string) => !key.endsWith(".json")],
  ])("what an archiver that died before its commit has left: %s", async (_, isLost) => {
    const w = world();
    await makeSession(w, "s", text);
    await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
    await dieBeforeCommit(w, "s");
    for (const key of (await keysOf(w)).filter(isLost)) await w.ports.archives.delete(key);
    const left = await keysOf(w);
    expect(left.length).toBeGreaterThan(0);
    expect((await w.archiver.gc(NOW)).keys.toSorted()).toEqual(left);
    expect(await keysOf(w)).toEqual([]);
    expect(await readText(w, "s")).toBe(text);
  });

  test("what was left beside a session that has gone on since, and was archived, or has a tombstone", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await dieBeforeCommit(w, "s");
    await append(w, "s", "more\n");
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s");
    expect((await w.archiver.gc(NOW)).keys).toHaveLength(2);
    await w.archiver.undoPrune("s");
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("after an interruption, the rest", async () => {
    const w = world(APART);
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.restore("s");
    const remove = w.ports.archives.delete;
    w.ports.archives.delete = async (key) => {
      await remove(key);
      throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
    };
    await expect(w.archiver.gc(NOW)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    w.ports.archives.delete = remove;
    expect((await w.archiver.gc(NOW)).keys).toHaveLength(1);
    expect(await keysOf(w)).toEqual([]);
    expect((await metaOf(w, "s"))["session:given_up"]).toBeUndefined();
  });
});

test("bad options are refused", async () => {
  const { archiver } = world();
  for (const options of [{ graceDays: -1 }, { graceDays: Number.NaN }, { unknown: "all" as "keep" }]) {
    await expect(archiver.gc(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
});

test("a store that can keep nothing of its own still collects by proof", async () => {
  const w = world();
  const { ownMeta: _, ...objects } = w.ports.objects;
  const archiver = createArchiver({ ...w.ports, objects, now: () => w.now });
  await makeSession(w, "s", text);
  await archiver.archive("s");
  expect(await archiver.storeId()).toBeUndefined();
  expect((await keysOf(w)).every((key) => key.startsWith("none/"))).toBe(true);
  await archiver.restore("s");
  w.now += 2 * DAY;
  expect((await archiver.gc()).keys).toHaveLength(2);
});

test("in a full store, what was given up goes all the same", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  await w.archiver.restore("s");
  const full = async (): Promise<never> => {
    throw Object.assign(new Error("full"), { code: "QUOTA" });
  };
  const { ownMeta } = w.ports.objects;
  const objects = { ...w.ports.objects, put: full, ...(ownMeta && { ownMeta: { ...ownMeta, put: full } }) };
  const archives = { ...w.ports.archives, put: full };
  const archiver = createArchiver({ objects, archives, blobs: w.ports.blobs, now: () => w.now });
  expect((await archiver.gc(NOW)).keys).toHaveLength(2);
  expect(await keysOf(w)).toEqual([]);
  expect(await readText(w, "s")).toBe(text);
});

test("tells of each object that it deletes, and of none in a dry run", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  await w.archiver.restore("s");
  w.events.length = 0;
  await w.archiver.gc({ ...NOW, dryRun: true });
  expect(w.events).toEqual([]);
  const sizes = new Map<string, number>();
  for (const key of await keysOf(w)) sizes.set(key, (await w.shown.stat(key))?.size ?? 0);
  const { keys, archiveBytesFreed } = await w.archiver.gc(NOW);
  expect(w.events).toEqual(keys.map((key) => ({ type: "collected", key, archiveBytesFreed: sizes.get(key) })));
  expect([keys.length, archiveBytesFreed]).toEqual([2, [...sizes.values()].reduce((a, b) => a + b)]);
});

test("an abort ends it before anything is deleted", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  await w.archiver.restore("s");
  await expect(w.archiver.gc({ ...NOW, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  expect(await keysOf(w)).toHaveLength(2);
});

test("leaves young, named and foreign keys alone; a dry run deletes nothing", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  await w.archiver.restore("s");
  await w.archiver.archive("s");
  await w.ports.archives.put("somebody else's.gz", (async function* () {})());
  expect((await w.archiver.gc()).keys).toEqual([]);
  const plan = await w.archiver.gc({ graceDays: 0, dryRun: true });
  expect(plan.keys).toHaveLength(2);
  expect(await keysOf(w)).toHaveLength(5);
  expect(await w.archiver.gc({ graceDays: 0 })).toEqual(plan);
  expect(await keysOf(w)).toHaveLength(3);
  expect(await readText(w, "s")).toBe(text);
});

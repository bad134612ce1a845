/** What a gc deletes, and by which proof; what it leaves, and says. */
import { describe, expect, test } from "vitest";
import { sessionIdOf } from "../src/format.js";
import { bytesOf, createArchiver, type Meta } from "../src/index.js";
import { DAY, encode, jsonl, keysOf, makeSession, readText, type World, world } from "./support.js";

const text = jsonl(5);
const NOW = { graceDays: 0 };

async function metaOf({ ports }: World, id: string): Promise<Meta> {
  return (await ports.objects.get(id))?.meta ?? {};
}

/** The catalogue as it was, with the sink as it is. */
async function setBack(w: World, id: string, meta: Meta): Promise<void> {
  const object = await w.ports.objects.get(id);
  await w.ports.objects.put(id, meta, object?.version ?? null);
}

async function append(w: World, id: string, line: string): Promise<void> {
  await using recorder = w.archiver.recorder(id);
  await recorder.append(line);
}

/** Archives, and dies before the commit. */
async function dieBeforeCommit(w: World, id: string): Promise<void> {
  const { put } = w.ports.objects;
  w.ports.objects.put = async () => {
    throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
  };
  await expect(w.archiver.archive(id)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.objects.put = put;
}

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
    const w = world();
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

describe("leaves, and reports", () => {
  test("every archive, with a catalogue that was lost", async () => {
    const w = world();
    for (const id of ["a", "b"]) await makeSession(w, id, text);
    for (const id of ["a", "b"]) await w.archiver.archive(id);
    const keys = await keysOf(w);
    const lost = world({ archives: w.ports.archives });
    const report = await lost.archiver.gc(NOW);
    expect(report).toMatchObject({ keys: [], archiveBytesFreed: 0, unknown: { count: 4 }, refused: null });
    expect(report.unknown.bytes).toBeGreaterThan(0);
    expect(report.unknown.keys.toSorted()).toEqual(keys);
    expect(await keysOf(w)).toEqual(keys);
    expect(await lost.archiver.sweep()).toMatchObject({ unknownCount: 4, unknownBytes: report.unknown.bytes });
  });

  test("another store's archives of a session of the same id", async () => {
    const w = world();
    const other = world({ archives: w.ports.archives });
    await makeSession(w, "s", text);
    await makeSession(other, "s", jsonl(9, 2));
    for (const one of [w, other]) await one.archiver.archive("s");
    await w.archiver.restore("s");
    const report = await w.archiver.gc(NOW);
    expect(report).toMatchObject({ unknown: { count: 2 }, refused: null });
    expect(report.keys).toHaveLength(2);
    await other.archiver.verify("s");
  });

  test("the only copy, with a catalogue set back to before a resumed session's second archive", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await makeSession(w, "other", text);
    for (const id of ["s", "other"]) await w.archiver.archive(id);
    await w.archiver.restore("other"); // something that could be deleted
    const before = await metaOf(w, "s");
    await append(w, "s", "more\n");
    await w.archiver.archive("s");
    const after = await metaOf(w, "s");
    const keys = await keysOf(w);
    await setBack(w, "s", before);
    const report = await w.archiver.gc(NOW);
    expect(report).toMatchObject({ keys: [], unknown: { count: 2 } });
    expect(report.refused).toContain('session "s"');
    expect(await w.archiver.gc({ ...NOW, dryRun: true })).toEqual(report);
    expect(await keysOf(w)).toEqual(keys);
    await setBack(w, "s", after);
    expect(await w.archiver.gc(NOW)).toMatchObject({ unknown: { count: 0 }, refused: null });
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("an older copy whose newer one is damaged", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await append(w, "s", "more\n");
    await w.archiver.archive("s");
    const { "session:given_up": _, ...meta } = await metaOf(w, "s");
    await setBack(w, "s", meta);
    const path = String(meta["session:archive_path"]);
    await w.ports.archives.delete(path);
    await w.ports.archives.put(path, bytesOf(encode("not what was there")));
    expect(await w.archiver.gc(NOW)).toMatchObject({ keys: [], unknown: { count: 2 } });
  });

  test("an archive that its manifest does not describe", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await dieBeforeCommit(w, "s");
    const output = (await keysOf(w)).find((key) => key.endsWith(".jsonl.gz")) ?? "";
    await w.ports.archives.delete(output);
    await w.ports.archives.put(output, bytesOf(encode("other bytes, the only copy of something")));
    const report = await w.archiver.gc(NOW);
    expect(report.keys).not.toContain(output);
    expect(report.unknown.keys).toContain(output);
  });

  test("what is young, what is named, and what is none of ours", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.restore("s");
    await w.archiver.archive("s");
    const wrongFolder =
      (await keysOf(w))[0]?.replace(/\/..\//, (folder) => (folder === "/00/" ? "/01/" : "/00/")) ?? "";
    const foreign = ["notes.txt", "somebody else's.jsonl.gz", "none/runs/x.json", wrongFolder];
    for (const key of foreign) await w.ports.archives.put(key, bytesOf());
    expect(await w.archiver.gc()).toMatchObject({ keys: [], unknown: { count: 0 } });
    const plan = await w.archiver.gc({ ...NOW, dryRun: true });
    expect(plan.keys).toHaveLength(2);
    expect(await w.archiver.gc({ ...NOW, unknown: "delete" })).toEqual(plan);
    expect(await keysOf(w)).toEqual(expect.arrayContaining(foreign));
    await w.archiver.verify("s");
  });
});

test("what nothing explains goes when that is asked for, after a dry run has shown it", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const lost = world({ archives: w.ports.archives });
  const plan = await lost.archiver.gc({ ...NOW, unknown: "delete", dryRun: true });
  expect(plan.keys).toHaveLength(2);
  expect(await keysOf(w)).toHaveLength(2);
  expect(await lost.archiver.gc({ ...NOW, unknown: "delete" })).toEqual(plan);
  expect(await keysOf(w)).toEqual([]);
});

test("what another gc has condemned, and not deleted yet, stays condemned", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await dieBeforeCommit(w, "s");
  const others = [`${(await keysOf(w))[0]}`.replace(/\.[0-9a-f]{16}\./, ".00000000000000aa.")];
  await setBack(w, "s", { ...(await metaOf(w, "s")), "session:condemned": others });
  const { put } = w.ports.objects;
  const seen: unknown[] = [];
  w.ports.objects.put = (id, meta, ...rest) => {
    seen.push(meta["session:condemned"]);
    return put(id, meta, ...rest);
  };
  expect((await w.archiver.gc(NOW)).keys).toHaveLength(2);
  expect(seen[0]).toEqual(expect.arrayContaining(others));
});

test("a session that comes while unknown archives are deleted keeps its own", async () => {
  const w = world();
  await makeSession(w, "gone", text);
  await w.archiver.archive("gone");
  const object = await w.ports.objects.get("gone");
  await w.ports.objects.delete("gone", object?.version ?? "");
  const { list } = w.ports.archives;
  w.ports.archives.list = async function* (prefix, op) {
    if (prefix === undefined) {
      await makeSession(w, "new", text);
      await w.archiver.archive("new");
    }
    yield* list(prefix, op);
  };
  const { keys } = await w.archiver.gc({ ...NOW, unknown: "delete" });
  w.ports.archives.list = list;
  expect(keys.map(sessionIdOf)).toEqual(["gone", "gone"]);
  expect(await readText(w, "new")).toBe(text);
});

test("of a session whose metadata can't be understood nothing is deleted, and all else is", async () => {
  const w = world();
  for (const id of ["damaged", "gone"]) await makeSession(w, id, text);
  for (const id of ["damaged", "gone"]) await w.archiver.archive(id);
  const gone = await w.ports.objects.get("gone");
  await w.ports.objects.delete("gone", gone?.version ?? "");
  await setBack(w, "damaged", { ...(await metaOf(w, "damaged")), "session:archive_files": 7 });
  const { keys } = await w.archiver.gc({ ...NOW, unknown: "delete" });
  expect(keys.map(sessionIdOf)).toEqual(["gone", "gone"]);
});

test("a round with nothing to do reads no object by itself", async () => {
  const w = world();
  for (let n = 0; n < 300; n++) await makeSession(w, `s${n}`, "x\n");
  for (let n = 0; n < 300; n++) await w.archiver.archive(`s${n}`);
  let reads = 0;
  const { get } = w.ports.objects;
  w.ports.objects.get = (...args) => {
    reads++;
    return get(...args);
  };
  expect(await w.archiver.gc(NOW)).toMatchObject({ keys: [], unknown: { count: 0 } });
  expect(reads).toBe(0);
});

test("archives of version 0.1's keys are needed, given up and collected like others", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const [oldest] = await keysOf(w);
  expect(sessionIdOf(oldest ?? "")).toBe("s");
  expect(sessionIdOf("a/b.20260101t000000000z-0123456789abcdef.jsonl.gz")).toBe("a/b");
  expect(sessionIdOf("0123456789ab/00/s.20260101t000000000z-0123456789abcdef.jsonl.gz")).toBe("0123456789ab/00/s");
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

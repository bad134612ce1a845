/** The defects of the original system, each with the number it has in the project's list: none may come back. */
import { describe, expect, test } from "vitest";
import { isRecordKey, sessionIdOf } from "../src/format.js";
import { bytesOf, toBytes } from "../src/index.js";
import { APART, DAY, encode, jsonl, keysOf, makeSession, NOW, readText, world } from "./support.js";

const OLD = { "session:last_activity_ms": NOW - 30 * DAY, "session:line_count": 5 };
const text = jsonl(5);

describe("defect 1: output after archiving", () => {
  test("reads give the archive and what came after", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("more\n");
    expect(await readText(w, "s")).toBe(`${text}more\n`);
    expect((await w.archiver.info("s")).state).toBe("resumed");
  });

  test("the sweep archives the session again, and keeps both parts", async () => {
    const w = world();
    await makeSession(w, "s", text, OLD);
    await w.archiver.sweep();
    const recorder = w.archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.close();
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0 });
    w.now += 8 * DAY;
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1, liveBytesFreed: 5 });
    expect((await w.archiver.info("s")).state).toBe("archived");
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("archiving again leaves the first archive as it was", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const first = await Promise.all((await keysOf(w)).map((key) => toBytes(w.shown.read(key))));
    const keys = await keysOf(w);
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.archive("s");
    expect(await Promise.all(keys.map((key) => toBytes(w.shown.read(key))))).toEqual(first);
  });

  test("a restore keeps the new output", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.restore("s");
    expect((await w.archiver.info("s")).state).toBe("live");
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });
});

test("defect 2: a prune leaves a tombstone that reads as PRUNED, never a dangling path", async () => {
  const w = world();
  await makeSession(w, "s", text, OLD);
  await w.archiver.sweep({ maxTotalBytes: 0, graceDays: 0 });
  expect(await keysOf(w)).toEqual([]);
  await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  const info = await w.archiver.info("s");
  expect(info).toMatchObject({ state: "pruned", archiveKey: null, rawBytes: text.length, prunedAt: NOW });
  expect(info.pruneReason).toMatch(/byte cap/);
  expect(info.meta["session:pruned_crc32"]).toBeTypeOf("number");
});

test("defect 3: a sidecar is archived, counted, pruned and restored with its session", async () => {
  const w = world();
  await makeSession(w, "s", text, OLD);
  await w.ports.blobs.create({ id: "s", name: "times" }, "g", bytesOf(encode("1\n2\n")));
  await w.archiver.archive("s");
  const info = await w.archiver.info("s");
  expect(info.rawBytes).toBe(text.length + 4);
  const sizes = await Promise.all((await keysOf(w)).map(async (key) => (await w.ports.archives.stat(key))?.size ?? 0));
  expect(info.totalBytes).toBe(sizes.reduce((a, b) => a + b));
  expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { name: "times" })))).toBe("1\n2\n");
  await w.archiver.restore("s");
  expect((await w.ports.blobs.stat({ id: "s", name: "times" }))?.size).toBe(4);
  await w.archiver.gc({ graceDays: 0 });
  await w.archiver.archive("s");
  await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  expect(await keysOf(w)).toEqual([]);
});

describe("defect 4: an archive is published whole, read back, and never replaces another", () => {
  test("a sink that stores other bytes is found out before the commit, and the live blob stays", async () => {
    const w = world();
    await makeSession(w, "s", text);
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const bytes = await toBytes(body);
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
      return put(key, bytesOf(bytes), op);
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await readText(w, "s")).toBe(text);
    expect((await w.archiver.info("s")).state).toBe("live");
    expect(await keysOf(w)).toEqual([]);
  });

  test("a segment that was copied from the last archive is found out as well", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("more\n");
    const before = await keysOf(w);
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const bytes = await toBytes(body);
      const early = 20; // in the first segment, which nobody inflates again
      if (key.endsWith(".gz")) bytes[early] = (bytes[early] ?? 0) ^ 1;
      return put(key, bytesOf(bytes), op);
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await keysOf(w)).toEqual(before);
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("a failed metadata write leaves the last good archive", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.recorder("s").append("more\n");
    const before = await keysOf(w);
    const { put } = w.ports.objects;
    w.ports.objects.put = async () => {
      throw Object.assign(new Error("disk full"), { code: "QUOTA" });
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "QUOTA" });
    w.ports.objects.put = put;
    expect(await keysOf(w)).toEqual(before);
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("one bad read of the old archive does not get into a new one", async () => {
    const w = world(APART); // which shifts no byte of the archive
    await makeSession(w, "s", jsonl(200));
    await w.archiver.archive("s");
    const { archiveKey } = await w.archiver.info("s");
    await w.archiver.recorder("s").append("more\n");
    const { read } = w.ports.archives;
    let flipped = false;
    w.ports.archives.read = async function* (key, range, op) {
      for await (const chunk of read(key, range, op)) {
        if (key === archiveKey && !flipped) {
          flipped = true;
          chunk[100] = (chunk[100] ?? 0) ^ 1;
        }
        yield chunk;
      }
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CORRUPT" });
    expect(flipped).toBe(true);
    expect(await readText(w, "s")).toBe(`${jsonl(200)}more\n`);
    expect(await w.archiver.archive("s")).toMatchObject({ outcome: "archived" });
    await w.archiver.verify("s");
  });

  test("no sink key is used twice", async () => {
    const w = world();
    await makeSession(w, "s", text);
    const seen = new Set<string>();
    for (let round = 0; round < 3; round++) {
      await w.archiver.archive("s");
      for (const key of await keysOf(w)) seen.add(key);
      await w.archiver.restore("s");
    }
    expect(seen.size).toBe(6);
  });
});

test("defect 5: the metadata holds a sink key, never an absolute path", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const path = String((await w.ports.objects.get("s"))?.meta["session:archive_path"]);
  expect(path).toMatch(/^[0-9a-f]{12}\/[0-9a-f]{2}\/s\.\d{8}t\d{9}z\.[0-9a-f]{16}\.manifest-\d+\.jsonl\.gz$/);
});

test("defect 6: prune goes by last activity, oldest first, and counts stored bytes only", async () => {
  const w = world();
  // Archived in another order: the youngest first, as a sweep or an import may do.
  for (const [n, id] of ["young", "old", "older"].entries()) {
    await makeSession(w, id, text, { ...OLD, "session:last_activity_ms": NOW - (30 + n) * DAY });
    w.now = NOW - (2 - n) * DAY;
    await w.archiver.archive(id);
  }
  const sizes = new Map<string, number>();
  for (const id of ["old", "older", "young"]) sizes.set(id, (await w.archiver.info(id)).totalBytes);
  const report = await w.archiver.prune({ maxTotalBytes: (sizes.get("young") ?? 0) + 10, graceDays: 0 });
  expect(report).toMatchObject({
    prunedCount: 2,
    archiveBytesFreed: (sizes.get("old") ?? 0) + (sizes.get("older") ?? 0),
    liveBytesFreed: 0,
  });
  const pruned = w.events.flatMap((event) => (event.type === "pruned" ? [event.id] : []));
  expect(pruned).toEqual(["older", "old"]);
});

test("defect 7: a writer that appends while its session is archived loses nothing", async () => {
  const w = world();
  await makeSession(w, "s", text);
  const { put } = w.ports.archives;
  const recorder = w.archiver.recorder("s");
  w.ports.archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    if (!isRecordKey(key)) await recorder.append(`after ${key.slice(-5)}\n`);
    return info;
  };
  await w.archiver.archive("s");
  await recorder.close();
  expect(await readText(w, "s")).toMatch(/^(.*\n){5}after .*\n$/);
  expect((await w.archiver.info("s")).state).toBe("resumed");
});

describe("defect 8: only archives of archived sessions count, and no archive stays orphaned", () => {
  test("a restored session's archive does not count toward the cap, and is collected", async () => {
    const w = world();
    await makeSession(w, "back", text);
    await makeSession(w, "there", text);
    await w.archiver.archive("back");
    await w.archiver.archive("there");
    await w.archiver.restore("back");
    const { totalBytes } = await w.archiver.info("there");
    expect(await w.archiver.prune({ maxTotalBytes: totalBytes })).toMatchObject({ prunedCount: 0 });
    w.now += 2 * DAY;
    const collected = await w.archiver.gc();
    expect(collected.keys.every((key) => sessionIdOf(key) === "back")).toBe(true);
    expect(collected.keys).toHaveLength(2);
    expect(await keysOf(w)).toHaveLength(2);
    await w.archiver.verify("there");
  });

  test("a removed session's archive goes with it; one whose object a host has deleted goes when that is asked for", async () => {
    const w = world();
    await makeSession(w, "removed", text);
    await makeSession(w, "deleted", text);
    for (const id of ["removed", "deleted"]) await w.archiver.archive(id);
    await w.archiver.remove("removed");
    expect((await keysOf(w)).map(sessionIdOf)).toEqual(["deleted", "deleted"]);
    const object = await w.ports.objects.get("deleted");
    await w.ports.objects.delete("deleted", object?.version ?? "");
    expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], unknown: { count: 2 }, refused: null });
    expect(await w.archiver.gc({ graceDays: 0, unknown: "delete" })).toMatchObject({ unknown: { count: 0 } });
    expect(await keysOf(w)).toEqual([]);
  });
});

test("defect 9: a sweep asks the store for idle sessions only", async () => {
  const w = world();
  const queries: unknown[] = [];
  const { list } = w.ports.objects;
  w.ports.objects.list = (query, op) => {
    queries.push(query);
    return list(query, op);
  };
  await w.archiver.sweep({ maxTotalBytes: Number.POSITIVE_INFINITY });
  expect(queries[0]).toEqual({ archived: false, lastActiveBefore: NOW - 7 * DAY });
});

/** Restores: the bytes come back, the archive is given up or kept, and what was cut short is finished. */
import { expect, test } from "vitest";
import { bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { cutShortAnywhere } from "../faults.js";
import { encode, eventsOf, jsonl, keysOf, makeSession, NOW, readText, type World, world } from "../support.js";

const TWO_LINES = '{"a":1}\n{"b":2}\n';
const text = jsonl(5);

/** A session in the archive, with a sidecar. */
async function archived(): Promise<World> {
  const w = world();
  await makeSession(w, "s", text);
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  await w.archiver.archive("s");
  return w;
}

const rawBytes = text.length + 9;

test("reports and tells what is live again, sidecars too", async () => {
  const w = await archived();
  const { archiveBytes } = await w.archiver.info("s");
  expect(await w.archiver.restore("s")).toEqual({ id: "s", rawBytes, archiveBytes });
  expect(eventsOf(w, "restored")).toEqual([{ type: "restored", id: "s", rawBytes }]);
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", liveBytes: rawBytes, archiveBytes: 0 });
  expect(await w.archiver.read("s", { name: "side" }).text()).toBe("a sidecar");
});

test("a session that is not archived is refused by name, also one that was just restored, and stays as it is", async () => {
  const w = await archived();
  await makeSession(w, "t", TWO_LINES);
  await w.archiver.restore("s");
  for (const id of ["s", "t"]) {
    const before = await w.ports.objects.get(id);
    const refused = expect(w.archiver.restore(id)).rejects;
    await refused.toMatchObject({ code: "INVALID_ARGUMENT", id, message: expect.stringContaining(`"${id}"`) });
    expect(await w.ports.objects.get(id)).toEqual(before);
  }
});

test("a session with a tombstone is PRUNED", async () => {
  const w = await archived();
  await w.archiver.pruneSession("s");
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  expect(await Array.fromAsync(w.ports.blobs.list("s"))).toEqual([]);
});

test("a damaged archive is CORRUPT: no live byte is made of it, and once it is whole the next restore works", async () => {
  const w = await archived();
  const { archiveKey } = await w.archiver.info("s");
  const { read } = w.ports.archives;
  w.ports.archives.read = async function* (key, ...rest) {
    for await (const chunk of read(key, ...rest)) yield key === archiveKey ? chunk.map((byte) => byte ^ 1) : chunk;
  };
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "CORRUPT", key: archiveKey });
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
  expect((await w.archiver.info("s")).state).toBe("archived");
  w.ports.archives.read = read;
  await w.archiver.restore("s");
  expect(await readText(w, "s")).toBe(text);
});

test("cut short anywhere, the session reads as before, and the next restore finishes", async () => {
  const calls = await cutShortAnywhere(
    archived,
    (w) => w.archiver.restore("s"),
    async (w) => {
      expect(await readText(w, "s")).toBe(text);
      await w.archiver.restore("s");
      expect(await w.archiver.info("s")).toMatchObject({ state: "live", liveBytes: rawBytes });
      await w.archiver.gc({ graceDays: 0 });
      expect(await keysOf(w)).toEqual([]);
      expect(await readText(w, "s")).toBe(text);
      await w.archiver.verify("s");
    },
  );
  // The note, two blobs, the run record, and the commit.
  expect(calls).toBe(5);
});

test("of two at once each finds the session live", async () => {
  const w = await archived();
  const other = world(w.ports);
  const done = await Promise.all([w.archiver.restore("s"), other.archiver.restore("s")]);
  expect(done.map((result) => result.rawBytes)).toEqual([rawBytes, rawBytes]);
  expect(await readText(w, "s")).toBe(text);
  await w.archiver.verify("s");
});

test("restore brings the bytes back and removes the archive's keys", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES, { title: "mine" });
  await w.archiver.archive("s");
  expect(await w.archiver.restore("s")).toMatchObject({ id: "s", rawBytes: TWO_LINES.length });
  expect(await readText(w, "s")).toBe(TWO_LINES);
  const live = await w.ports.blobs.stat({ id: "s", name: "output" });
  expect(live?.size).toBe(TWO_LINES.length);
  const { "session:given_up": givenUp, ...meta } = (await w.ports.objects.get("s"))?.meta ?? {};
  expect(meta).toEqual({
    view: "agent",
    title: "mine",
    "session:line_count": 2,
    "session:counted_to": { bytes: TWO_LINES.length, newlines: 2, openLine: false },
    "session:restored_at": NOW,
  });
  // What has to be deleted still.
  expect((givenUp as string[]).toSorted()).toEqual(await keysOf(w));
});

test("keeps the archive where asked, and collect leaves it", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  await w.archiver.restore("s", { keepArchive: true });
  const keys = await keysOf(w);
  expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [], unknown: { count: 0 }, refused: null });
  expect(await keysOf(w)).toEqual(keys);
});

test("kept again and again, an archive is noted once", async () => {
  const w = world();
  await makeSession(w, "s", text);
  for (let round = 0; round < 3; round++) {
    await w.archiver.archive("s");
    await w.archiver.restore("s", { keepArchive: true });
  }
  expect((await w.archiver.info("s")).meta["session:kept_archives"]).toHaveLength(6);
});

test("cut short, it is finished by the next sweep, and keeps the archive if it was to be kept", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const { put } = w.ports.objects;
  w.ports.objects.put = (id, meta, expected, op) => {
    if (meta["session:archived_at"] === undefined) throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
    return put(id, meta, expected, op);
  };
  await expect(w.archiver.restore("s", { keepArchive: true })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.objects.put = put;
  expect(await readText(w, "s")).toBe(text);
  await w.archiver.sweep();
  expect((await w.archiver.info("s")).state).toBe("live");
  expect(await w.archiver.gc({ graceDays: 0 })).toMatchObject({ keys: [] });
  expect(await keysOf(w)).toHaveLength(2);
});

test("cut short a second time, after a sweep has met the first, it is finished all the same", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const { create } = w.ports.blobs;
  w.ports.blobs.create = async () => {
    throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
  };
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.blobs.create = create;
  await w.archiver.sweep();
  const { put } = w.ports.objects;
  w.ports.objects.put = (id, meta, expected, op) => {
    if (meta["session:archived_at"] === undefined) throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
    return put(id, meta, expected, op);
  };
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.objects.put = put;
  await w.archiver.sweep();
  expect((await w.archiver.info("s")).state).toBe("live");
  expect(await readText(w, "s")).toBe(text);
});

test("an abort leaves the session as it was, and the next restore works", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const controller = new AbortController();
  const { create } = w.ports.blobs;
  w.ports.blobs.create = (...args) => {
    controller.abort();
    return create(...args);
  };
  await expect(w.archiver.restore("s", { signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  w.ports.blobs.create = create;
  expect((await w.archiver.info("s")).state).toBe("archived");
  expect(await readText(w, "s")).toBe(text);
  await w.archiver.restore("s");
  expect(await readText(w, "s")).toBe(text);
});

test("defect: a restore that was slower than a prune and a purge brought the session back", async () => {
  const w = world();
  await makeSession(w, "s", "1\n");
  await w.archiver.archive("s");
  const slow = createArchiver({
    ...w.ports,
    blobs: {
      ...w.ports.blobs,
      async create(key, generation, body, op) {
        const bytes = await toBytes(body);
        await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
        await w.archiver.pruneSession("s");
        await w.archiver.prune({ graceDays: 0 });
        return w.ports.blobs.create(key, generation, bytesOf(bytes), op);
      },
    },
  });
  await expect(slow.restore("s")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(toBytes(w.archiver.read("s"))).rejects.toMatchObject({ code: "PRUNED" });
  expect((await w.archiver.info("s")).state).toBe("pruned");
  expect(await w.archiver.settle("s")).toBe(2);
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
});

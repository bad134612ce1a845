import { expect, test } from "vitest";
import { bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { jsonl, keysOf, makeSession, NOW, readText, world } from "../support.js";

const TWO_LINES = '{"a":1}\n{"b":2}\n';
const text = jsonl(5);

test("restoring a session that is not archived is an error that names it", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await expect(w.archiver.restore("s")).rejects.toThrow(/"s"/);
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

/** Archiving: what it reports and tells, what a second call does, and what is left wherever it stops. */
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { scanArchive } from "../../src/format/scan.js";
import { isRecordKey } from "../../src/format.js";
import { bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { codec } from "../codecs.js";
import { cutShortAnywhere, unreachable } from "../faults.js";
import {
  DAY,
  encode,
  eventsOf,
  keysOf,
  longLines,
  loseManifests,
  makeSession,
  NOW,
  readText,
  sinkBytes,
  type World,
  world,
} from "../support.js";

const TWO_LINES = '{"a":1}\n{"b":2}\n';
const MORE = '{"c":3}\n';

async function resumed(): Promise<World> {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await w.archiver.archive("s");
  const recorder = w.archiver.recorder("s");
  await recorder.append(MORE);
  await recorder.close();
  w.events.length = 0;
  return w;
}

test("reports and tells what it has moved; the live bytes are gone", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  const rawBytes = TWO_LINES.length + 9;
  const done = await w.archiver.archive("s");
  const archiveBytes = await sinkBytes(w);
  const moved = { id: "s", rawBytes, archiveBytes, liveBytesFreed: rawBytes };
  expect(done).toEqual({ ...moved, outcome: "archived", archiveBytesAdded: archiveBytes, archivedAt: NOW });
  expect(eventsOf(w, "archived")).toEqual([{ type: "archived", ...moved }]);
  expect(await Array.fromAsync(w.ports.blobs.list("s"))).toEqual([]);
  expect(await w.archiver.info("s")).toMatchObject({ state: "archived", archivedAt: NOW, liveBytes: 0, archiveBytes });
});

test("a second time nothing is written, and nothing told", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  const { archiveBytes } = await w.archiver.archive("s");
  const before = [await w.ports.objects.get("s"), await keysOf(w)];
  w.events.length = 0;
  w.now += DAY;
  expect(await w.archiver.archive("s")).toEqual({
    ...{ id: "s", outcome: "unchanged", rawBytes: TWO_LINES.length, archiveBytes },
    ...{ archiveBytesAdded: 0, liveBytesFreed: 0, archivedAt: NOW },
  });
  expect([await w.ports.objects.get("s"), await keysOf(w)]).toEqual(before);
  expect(w.events).toEqual([]);
});

test("of a resumed session the new output is added, and counted by itself", async () => {
  const w = await resumed();
  const before = await w.archiver.info("s");
  w.now += DAY;
  const done = await w.archiver.archive("s");
  expect(done).toMatchObject({
    ...{ outcome: "archived", rawBytes: TWO_LINES.length + MORE.length, liveBytesFreed: MORE.length },
    ...{ archiveBytesAdded: done.archiveBytes - before.archiveBytes, archivedAt: NOW + DAY },
  });
  expect(await w.archiver.info("s")).toMatchObject({ state: "archived", resumedAt: null, liveBytes: 0 });
  expect(await readText(w, "s")).toBe(TWO_LINES + MORE);
});

test("a session with a tombstone is PRUNED, and stays as it is", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  const before = await w.ports.objects.get("s");
  await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "PRUNED", id: "s" });
  expect(await w.ports.objects.get("s")).toEqual(before);
});

test("cut short anywhere, the session reads as before, and the next archive finishes", async () => {
  const calls = await cutShortAnywhere(
    resumed,
    (w) => w.archiver.archive("s"),
    async (w) => {
      expect(await readText(w, "s")).toBe(TWO_LINES + MORE);
      await w.archiver.archive("s");
      expect((await w.archiver.info("s")).state).toBe("archived");
      expect(await Array.fromAsync(w.ports.blobs.list("s"))).toEqual([]);
      await w.archiver.gc({ graceDays: 0 });
      expect(await keysOf(w)).toHaveLength(2);
      await w.archiver.verify("s");
      expect(await readText(w, "s")).toBe(TWO_LINES + MORE);
    },
  );
  // One object for the sink, the commit, the live blob, and the note that it is gone.
  expect(calls).toBe(4);
});

test("a live blob that can't be deleted is a warning; the next settle frees it", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  const { delete: remove } = w.ports.blobs;
  w.ports.blobs.delete = unreachable;
  expect(await w.archiver.archive("s")).toMatchObject({ outcome: "archived", liveBytesFreed: 0 });
  expect(eventsOf(w, "warning")).toMatchObject([{ id: "s", code: "UNAVAILABLE" }]);
  w.ports.blobs.delete = remove;
  expect(await w.archiver.settle("s")).toBe(TWO_LINES.length);
});

test("an abort leaves the session as it was, and nothing in the sink", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  const before = await w.ports.objects.get("s");
  const controller = new AbortController();
  const { put } = w.ports.archives;
  w.ports.archives.put = async (...args) => {
    const info = await put(...args);
    controller.abort();
    return info;
  };
  await expect(w.archiver.archive("s", { signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(await w.ports.objects.get("s")).toEqual(before);
  expect(await keysOf(w)).toEqual([]);
  expect(await readText(w, "s")).toBe(TWO_LINES);
});

test("a session that becomes another meanwhile is CONFLICT: what it is now stays, and nothing is in the sink", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, ...rest) => {
    const info = await put(key, ...rest);
    if (isRecordKey(key)) return info;
    const old = await w.ports.blobs.stat({ id: "s", name: "output" });
    if (old) await w.ports.blobs.delete(old);
    await w.ports.blobs.create({ id: "s", name: "output" }, "live-other", bytesOf(encode(MORE)));
    await w.archiver.update("s", (meta) => ({ ...meta, title: "another" }));
    return info;
  };
  await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CONFLICT", id: "s" });
  expect(await w.archiver.info("s")).toMatchObject({ state: "live", meta: { title: "another" } });
  expect(await readText(w, "s")).toBe(MORE);
  expect(await keysOf(w)).toEqual([]);
});

test("a missing or empty output archives to nothing and says so", async () => {
  const w = world();
  await makeSession(w, "empty", "");
  await w.ports.objects.put("missing", { view: "agent" }, null);
  for (const id of ["empty", "missing"]) {
    const before = await w.ports.objects.get(id);
    expect(await w.archiver.archive(id)).toMatchObject({ outcome: "empty", rawBytes: 0, archivedAt: NOW });
    expect(await w.ports.objects.get(id)).toEqual(before);
  }
  expect(await keysOf(w)).toEqual([]);
});

test("the archive is gzip of the output", async () => {
  const w = world();
  await makeSession(w, "s", TWO_LINES);
  await w.archiver.archive("s");
  const path = String((await w.ports.objects.get("s"))?.meta["session:archive_path"]);
  expect(gunzipSync(await toBytes(w.ports.archives.read(path))).toString()).toBe(TWO_LINES);
});

test("a manifest that is lost is made anew by archiving again, from the archive alone, at the archive's age", async () => {
  const w = world();
  await makeSession(w, "s", longLines(1300), { title: "kept" });
  await w.ports.blobs.create({ id: "s", name: "notes" }, "live-n", bytesOf(encode("a note")));
  await w.archiver.archive("s");
  const { archivedAt, archiveKey } = await w.archiver.info("s");
  await loseManifests(w);
  await expect(w.archiver.verify("s")).rejects.toMatchObject({ code: "CORRUPT" });
  w.now += 60_000;
  const fresh = createArchiver({ ...w.ports, now: () => w.now });
  expect(await fresh.archive("s")).toMatchObject({
    outcome: "archived",
    liveBytesFreed: 0,
    archiveBytesAdded: expect.any(Number),
  });
  expect(await fresh.info("s")).toMatchObject({ archivedAt, archiveKey, state: "archived" });
  await fresh.verify("s");
  const index = await scanArchive(w.ports.archives, codec, archiveKey ?? "");
  expect(index.rawBytes).toBe(encode(longLines(1300)).length);
  expect(await fresh.archive("s")).toMatchObject({ outcome: "unchanged" });
  expect(await readText(w, "s")).toBe(longLines(1300));
  expect(new TextDecoder().decode(await toBytes(fresh.read("s", { name: "notes" })))).toBe("a note");
  await fresh.restore("s");
  expect(await readText(w, "s")).toBe(longLines(1300));
});

/** Prunes: tombstones first, the bytes after the grace period, and neither of what is pinned, in use or of another session. */
import { describe, expect, test } from "vitest";
import { sessionIdOf } from "../../src/format.js";
import { cutShortAnywhere, unreachable } from "../faults.js";
import { archived, text } from "../session/support.js";
import { DAY, eventsOf, IDLE, keysOf, makeSession, NOW, readText, world } from "../support.js";

test("sets tombstones, keeps the bytes for the grace period, and then gives them up", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  await w.archiver.sweep();
  expect(await w.archiver.prune({ maxTotalBytes: 0 })).toMatchObject({ prunedCount: 1, archiveBytesFreed: 0 });
  await expect(readText(w, "s")).rejects.toMatchObject({ code: "PRUNED" });
  w.now += 6 * DAY;
  expect(await w.archiver.prune({ maxTotalBytes: 0 })).toMatchObject({ prunedCount: 0, archiveBytesFreed: 0 });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(text);
  await w.archiver.prune({ maxTotalBytes: 0 });
  w.now += 7 * DAY;
  const { totalBytes } = await w.archiver.info("s");
  expect(await w.archiver.prune()).toMatchObject({ prunedCount: 0, archiveBytesFreed: totalBytes });
  expect(await keysOf(w)).toEqual([]);
  await expect(w.archiver.undoPrune("s")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(w.archiver.restore("s")).rejects.toMatchObject({ code: "PRUNED" });
  await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "PRUNED" });
  expect(await w.archiver.verifyAll()).toMatchObject({ checked: 1, bad: [] });
});

test("never drops pinned or resumed sessions, but counts them", async () => {
  const w = world();
  for (const id of ["pinned", "resumed", "plain"]) {
    await makeSession(w, id, text, IDLE);
    await w.archiver.archive(id);
  }
  await w.archiver.pin("pinned", true);
  await w.archiver.recorder("resumed").append("x\n");
  await w.archiver.prune({ maxTotalBytes: 1, graceDays: 0 });
  expect((await w.archiver.info("plain")).state).toBe("pruned");
  expect(await readText(w, "pinned")).toBe(text);
  expect(await readText(w, "resumed")).toBe(`${text}x\n`);
  await w.archiver.pin("pinned", false);
  await w.archiver.prune({ maxTotalBytes: 1, graceDays: 0 });
  expect((await w.archiver.info("pinned")).state).toBe("pruned");
});

test("drops by age whatever the total", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  await w.archiver.archive("s");
  w.now += 3 * DAY;
  // Counted from the last activity, not from the archive, which is three days old.
  expect(await w.archiver.prune({ olderThanDays: 34 })).toMatchObject({ prunedCount: 0 });
  expect(await w.archiver.prune({ olderThanDays: 32 })).toMatchObject({ prunedCount: 1 });
});

test("a purge deletes no other session's archive, whatever the metadata says", async () => {
  const w = world();
  await makeSession(w, "victim", text);
  await w.archiver.archive("victim");
  const victim = await w.ports.objects.get("victim");
  await w.ports.objects.put("forged", victim?.meta ?? {}, null);
  await w.archiver.pin("victim", true);
  const report = await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 });
  expect(report).toMatchObject({ prunedCount: 0, failures: [{ id: "forged", code: "CORRUPT" }] });
  expect(await readText(w, "victim")).toBe(text);
});

describe("a purge", () => {
  test("is counted, at once or after the grace period, and by sweeps too", async () => {
    const w = await archived();
    await makeSession(w, "t", text, IDLE);
    await w.archiver.archive("t");
    await w.archiver.pruneSession("s");
    w.now += 7 * DAY;
    expect(await w.archiver.prune({ maxTotalBytes: 0, graceDays: 0 })).toMatchObject({
      prunedCount: 1,
      purgedCount: 2,
    });
    expect(eventsOf(w, "purged")).toHaveLength(2);
    const v = await archived();
    expect(await v.archiver.sweep({ maxTotalBytes: 0, graceDays: 0 })).toMatchObject({
      prunedCount: 1,
      purgedCount: 1,
    });
    expect(await v.archiver.prune({ graceDays: 0 })).toMatchObject({ prunedCount: 0, purgedCount: 0 });
  });
});

test("one session is pruned on request, and only one that is fully archived", async () => {
  const w = world();
  for (const id of ["a", "b", "pinned", "resumed", "live"]) await makeSession(w, id, text, IDLE);
  for (const id of ["a", "b", "pinned", "resumed"]) await w.archiver.archive(id);
  await w.archiver.pin("pinned", true);
  await w.archiver.recorder("resumed").append("x\n");
  await w.archiver.pruneSession("a", { reason: "not needed" });
  await w.archiver.pruneSession("a", { reason: "said twice" });
  expect(await w.archiver.info("a")).toMatchObject({ state: "pruned", pruneReason: "not needed" });
  for (const id of ["pinned", "resumed", "live"]) {
    await expect(w.archiver.pruneSession(id), id).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
  await expect(w.archiver.pruneSession("nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await readText(w, "b")).toBe(text);
  await w.archiver.undoPrune("a");
  expect(await readText(w, "a")).toBe(text);
  w.now += 1; // another tombstone than the one that was taken back
  await w.archiver.pruneSession("a");
  await w.archiver.prune({ graceDays: 0 });
  expect((await keysOf(w)).filter((key) => sessionIdOf(key) === "a")).toEqual([]);
});

test("a session is pruned on request although a crash left its live bytes", async () => {
  const w = world();
  await makeSession(w, "s", text, IDLE);
  const archived = world({
    ...w.ports,
    blobs: { ...w.ports.blobs, delete: () => Promise.reject(new Error("crash")) },
  });
  await archived.archiver.archive("s").catch(() => undefined);
  expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeDefined();
  await w.archiver.pruneSession("s");
  expect((await w.archiver.info("s")).state).toBe("pruned");
});

test("tells of each tombstone, and of each purge, what it reports", async () => {
  const w = await archived();
  const { archiveBytes } = await w.archiver.info("s");
  w.events.length = 0;
  await w.archiver.prune({ maxTotalBytes: 0 });
  const reason = "archives over the byte cap";
  expect(w.events).toEqual([{ type: "pruned", id: "s", reason, archiveBytes, undoableUntil: NOW + 7 * DAY }]);
  w.now += 7 * DAY;
  w.events.length = 0;
  expect(await w.archiver.prune()).toMatchObject({ purgedCount: 1, archiveBytesFreed: archiveBytes });
  expect(w.events).toEqual([{ type: "purged", id: "s", archiveBytesFreed: archiveBytes }]);
});

test("the failure of one stops none of the others, and is reported", async () => {
  const w = world();
  for (const id of ["a", "b", "c"]) await makeSession(w, id, text, IDLE);
  await w.archiver.sweep();
  const { put } = w.ports.objects;
  w.ports.objects.put = async (id, ...rest) => (id === "b" ? unreachable() : put(id, ...rest));
  expect(await w.archiver.prune({ maxTotalBytes: 0 })).toMatchObject({
    ...{ prunedCount: 2, failedCount: 1, failures: [{ id: "b", code: "UNAVAILABLE" }] },
  });
  expect(await readText(w, "b")).toBe(text);
});

test("an abort ends it: what has no tombstone yet gets none", async () => {
  const w = await archived();
  const signal = AbortSignal.abort();
  await expect(w.archiver.prune({ maxTotalBytes: 0, signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect((await w.archiver.info("s")).state).toBe("archived");
});

test("cut short anywhere, the next prune gives the bytes up, and the session says so", async () => {
  const purge = { maxTotalBytes: 0, graceDays: 0 };
  const calls = await cutShortAnywhere(
    archived,
    (w) => w.archiver.prune(purge),
    async (w) => {
      await w.archiver.prune(purge);
      await w.archiver.gc({ graceDays: 0 });
      expect(await keysOf(w)).toEqual([]);
      expect(await w.archiver.info("s")).toMatchObject({
        state: "pruned",
        purgedAt: NOW,
        lost: { bytes: text.length },
      });
    },
  );
  // The run record, the tombstone, the purge, and one object in the sink.
  expect(calls).toBe(4);
});

test("a tombstone is taken back once; there must be one", async () => {
  const w = await archived();
  await expect(w.archiver.undoPrune("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id: "s" });
  await w.archiver.pruneSession("s");
  await w.archiver.undoPrune("s");
  expect(await w.archiver.info("s")).toMatchObject({ state: "archived", prunedAt: null, pruneReason: null });
  await expect(w.archiver.undoPrune("s")).rejects.toMatchObject({ code: "INVALID_ARGUMENT", id: "s" });
});

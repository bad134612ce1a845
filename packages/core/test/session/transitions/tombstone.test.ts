/** What a tombstone says, and how long it holds. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { DAY, eventsOf, IDLE, makeSession, NOW, readText, world } from "../../support.js";
import { archived, text } from "../support.js";

describe("a tombstone", () => {
  test("says until when it can be taken back, and so does the event", async () => {
    const w = await archived();
    expect(await w.archiver.info("s")).toMatchObject({ undoableUntil: null, lost: null });
    await w.archiver.pruneSession("s");
    const undoableUntil = NOW + 7 * DAY;
    expect(await w.archiver.info("s")).toMatchObject({ undoableUntil, lost: null });
    expect((await w.archiver.info("s")).meta["session:purge_after"]).toBe(undoableUntil);
    expect(eventsOf(w, "pruned")).toMatchObject([{ id: "s", undoableUntil }]);
    await w.archiver.undoPrune("s");
    expect(await w.archiver.info("s")).toMatchObject({ undoableUntil: null });
    expect((await w.archiver.info("s")).meta["session:purge_after"]).toBeUndefined();
  });

  test("says what the grace period was that it was set with", async () => {
    const w = await archived({ graceDays: 30 });
    await w.archiver.prune({ maxTotalBytes: 0, graceDays: 2 });
    expect((await w.archiver.info("s")).undoableUntil).toBe(NOW + 2 * DAY);
    await w.archiver.undoPrune("s");
    await w.archiver.prune({ maxTotalBytes: 0 });
    expect((await w.archiver.info("s")).undoableUntil).toBe(NOW + 30 * DAY);
  });

  test("without an end names none", async () => {
    const w = await archived({ graceDays: Number.POSITIVE_INFINITY });
    await w.archiver.pruneSession("s");
    const { meta, ...info } = await w.archiver.info("s");
    expect(info).toMatchObject({ prunedAt: NOW, undoableUntil: null });
    expect(meta).not.toHaveProperty(KEY.purgeAfter);
    expect(eventsOf(w, "pruned")).toMatchObject([{ undoableUntil: null }]);
    w.now += 10_000 * DAY;
    expect(await w.archiver.prune()).toMatchObject({ purgedCount: 0 });
  });

  test("holds for as long as it said, whatever the policy has become since", async () => {
    const w = await archived({ graceDays: 30 });
    await w.archiver.pruneSession("s");
    const hasty = world({ ...w.ports, policy: { graceDays: 1 }, now: () => w.now });
    w.now += 30 * DAY - 1;
    expect(await Array.fromAsync(hasty.archiver.plan())).toEqual([]);
    expect(await hasty.archiver.prune()).toMatchObject({ purgedCount: 0 });
    w.now += 1;
    expect(await Array.fromAsync(hasty.archiver.plan())).toMatchObject([{ id: "s", action: "purge", prunedAt: NOW }]);
    expect(await hasty.archiver.prune()).toMatchObject({ purgedCount: 1 });
  });

  test("is not held to what it said if the call gives a grace period", async () => {
    const w = await archived();
    await w.archiver.pruneSession("s");
    w.now += 2 * DAY;
    expect(await w.archiver.prune({ graceDays: 3 })).toMatchObject({ purgedCount: 0 });
    const steps = await Array.fromAsync(w.archiver.plan({ graceDays: 2 }));
    const { totalBytes } = await w.archiver.info("s");
    expect(steps).toEqual([
      {
        id: "s",
        action: "purge",
        reason: "grace period over",
        lastActivityMs: NOW - 30 * DAY,
        archivedAt: NOW,
        archiveBytes: totalBytes,
        prunedAt: NOW,
      },
    ]);
    expect(await w.archiver.prune({ graceDays: 2 })).toMatchObject({ purgedCount: 1, archiveBytesFreed: totalBytes });
  });

  test("of an older version, which has no date, follows the policy", async () => {
    const w = await archived({ graceDays: 3 });
    const object = await w.ports.objects.get("s");
    await w.ports.objects.put("s", { ...object?.meta, [KEY.prunedAt]: NOW }, object?.version ?? null);
    expect((await w.archiver.info("s")).undoableUntil).toBe(NOW + 3 * DAY);
    w.now += 3 * DAY;
    expect(await w.archiver.prune()).toMatchObject({ purgedCount: 1 });
  });

  test("is set, and no bytes are given up, where only tombstones were asked for", async () => {
    const w = await archived();
    await w.archiver.pruneSession("s");
    await makeSession(w, "t", text, IDLE);
    await w.archiver.archive("t");
    w.now += 100 * DAY;
    const options = { maxTotalBytes: 0, graceDays: 0, tombstonesOnly: true };
    expect(await Array.fromAsync(w.archiver.plan(options))).toMatchObject([{ id: "t", action: "prune" }]);
    expect(await w.archiver.sweep(options)).toMatchObject({ prunedCount: 1, purgedCount: 0, archiveBytesFreed: 0 });
    await w.archiver.undoPrune("s");
    await w.archiver.undoPrune("t");
    expect(await readText(w, "s")).toBe(text);
  });
});

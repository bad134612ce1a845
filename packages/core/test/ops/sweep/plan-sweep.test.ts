/** What a sweep would do, session by session, and why. */
import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../src/index.js";
import { DAY, encode, IDLE, jsonl, keysOf, makeSession, NOW, world } from "../../support.js";

const text = jsonl(5);

describe("plan", () => {
  test("says session by session what a sweep would do and why, and changes nothing", async () => {
    const w = world();
    await makeSession(w, "idle", text, IDLE);
    await makeSession(w, "pinned", text, { ...IDLE, "session:pinned": true });
    await makeSession(w, "recent", text, { ...IDLE, "session:last_activity_ms": NOW });
    await makeSession(w, "done", text, IDLE);
    await w.archiver.archive("done");
    const keys = await keysOf(w);
    const steps = await Array.fromAsync(w.archiver.plan({ all: true, maxTotalBytes: 0 }));
    const old = { lastActivityMs: NOW - 30 * DAY, archivedAt: null, archiveBytes: 0 };
    const { totalBytes } = await w.archiver.info("done");
    const done = { ...old, archivedAt: NOW, archiveBytes: totalBytes };
    const over = { action: "prune", reason: "archives over the byte cap", prunedAt: null };
    expect(steps).toEqual([
      {
        id: "idle",
        action: "archive",
        reason: "idle",
        ...old,
        liveBytes: text.length,
        estimatedArchiveBytes: totalBytes,
      },
      { id: "pinned", action: "skip", reason: "pinned", ...old },
      { id: "recent", action: "skip", reason: "recent", ...old, lastActivityMs: NOW },
      { id: "done", action: "skip", reason: "archived", ...done },
      { id: "done", ...over, ...done },
      { id: "idle", ...over, ...old, archiveBytes: totalBytes },
    ]);
    expect(await keysOf(w)).toEqual(keys);
    expect((await w.archiver.info("idle")).state).toBe("live");
  });

  test("counts the live bytes of all blobs, also where a crash has left some", async () => {
    const w = world();
    await makeSession(w, "idle", text, IDLE);
    await w.ports.blobs.create({ id: "idle", name: "times" }, "g", bytesOf(encode("1\n")));
    await makeSession(w, "s", text, IDLE);
    const crashed = world({
      ...w.ports,
      blobs: { ...w.ports.blobs, delete: () => Promise.reject(new Error("crash")) },
    });
    await crashed.archiver.archive("s");
    expect(await Array.fromAsync(w.archiver.plan())).toMatchObject([
      { id: "idle", action: "archive", liveBytes: text.length + 2 },
      { id: "s", action: "settle", liveBytes: text.length, archivedAt: NOW },
    ]);
  });

  test("looks at the blobs of no more than some sessions at once, and past those that it can't look at", async () => {
    const w = world();
    const ids = Array.from({ length: 60 }, (_, n) => `s${n}`);
    for (const id of ids) await makeSession(w, id, text, IDLE);
    let most = 0;
    let now = 0;
    const { list } = w.ports.blobs;
    w.ports.blobs.list = async function* (id, op) {
      most = Math.max(most, ++now);
      // Long enough for all that may begin to have begun.
      for (let turns = 0; turns < 500; turns++) await undefined;
      now--;
      if (id === "s7") throw Object.assign(new Error("damaged"), { code: "UNAVAILABLE" });
      yield* list(id, op);
    };
    const steps = await Array.fromAsync(w.archiver.plan());
    expect(steps.map((step) => [step.id, "liveBytes" in step && step.liveBytes])).toEqual(
      ids.map((id) => [id, id === "s7" ? 0 : text.length]),
    );
    expect(most).toBe(16);
  });

  test("is what the sweep then does", async () => {
    const w = world();
    for (const id of ["a", "b"]) await makeSession(w, id, text, IDLE);
    await makeSession(w, "pinned", text, { ...IDLE, "session:pinned": true });
    const steps = await Array.fromAsync(w.archiver.plan());
    const report = await w.archiver.sweep();
    expect(report.archivedCount).toBe(steps.filter(({ action }) => action === "archive").length);
    expect(report.skippedCount).toBe(steps.filter(({ action }) => action === "skip").length);
  });

  test("counts alike on a store that takes the query as a hint only", async () => {
    const w = world();
    await makeSession(w, "recent", text, { ...IDLE, "session:last_activity_ms": NOW });
    await makeSession(w, "pinned", text, { ...IDLE, "session:pinned": true });
    const { list } = w.ports.objects;
    w.ports.objects.list = (_, op) => list(undefined, op);
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, skippedCount: 1 });
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bytesOf } from "../src/index.js";
import { DAY, encode, jsonl, keysOf, makeSession, NOW, readText, world } from "./support.js";

const IDLE = { "session:last_activity_ms": NOW - 30 * DAY, "session:line_count": 5 };
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

describe("sweep", () => {
  test("reports the bytes that it moved", async () => {
    const w = world();
    await makeSession(w, "s", text, IDLE);
    const report = await w.archiver.sweep();
    const sizes = await Promise.all(
      (await keysOf(w)).map(async (key) => (await w.ports.archives.stat(key))?.size ?? 0),
    );
    expect(report).toMatchObject({ liveBytesFreed: text.length, archiveBytesAdded: sizes.reduce((a, b) => a + b) });
  });

  test("settles what a crash left behind", async () => {
    const w = world();
    await makeSession(w, "s", text, IDLE);
    const { delete: remove } = w.ports.blobs;
    w.ports.blobs.delete = async () => {
      throw Object.assign(new Error("power cut"), { code: "UNAVAILABLE" });
    };
    await w.archiver.archive("s");
    w.ports.blobs.delete = remove;
    expect(await readText(w, "s")).toBe(text);
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, liveBytesFreed: text.length });
    expect(await w.ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, liveBytesFreed: 0, skippedCount: 0 });
  });

  test("leaves a session alone that came alive after it was listed", async () => {
    const w = world();
    await makeSession(w, "s", text, IDLE);
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const info = await put(key, body, op);
      const object = await w.ports.objects.get("s");
      if (key.endsWith(".json") && object) {
        await w.ports.objects.put("s", { ...object.meta, "session:last_activity_ms": NOW }, object.version);
      }
      return info;
    };
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 0, skippedCount: 1, failedCount: 0 });
    expect((await w.archiver.info("s")).state).toBe("live");
    expect(await keysOf(w)).toEqual([]);
  });

  test("keeps up with stats that are written meanwhile", async () => {
    const w = world();
    await makeSession(w, "s", text, IDLE);
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const info = await put(key, body, op);
      const object = await w.ports.objects.get("s");
      if (object) await w.ports.objects.put("s", { ...object.meta, title: key }, object.version);
      return info;
    };
    expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 1, failedCount: 0 });
    expect((await w.archiver.info("s")).meta["title"]).toMatch(/json$/);
  });

  test("an abort stops it, and what it was doing is undone", async () => {
    const w = world();
    await makeSession(w, "s", jsonl(20_000), IDLE);
    const controller = new AbortController();
    const { put } = w.ports.archives;
    w.ports.archives.put = (key, body, op) => {
      controller.abort();
      return put(key, body, op);
    };
    await expect(w.archiver.sweep({ signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await keysOf(w)).toEqual([]);
    expect(await readText(w, "s")).toBe(jsonl(20_000));
  });
});

describe("prune", () => {
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
    expect(await w.archiver.verifyAll()).toEqual({ checked: 1, bad: [] });
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

  test("one session is pruned on request, and only one at rest in the archive", async () => {
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
    await w.archiver.pruneSession("a");
    await w.archiver.prune({ graceDays: 0 });
    expect((await keysOf(w)).filter((key) => key.startsWith("a."))).toEqual([]);
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

describe("restore", () => {
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
});

describe("collect", () => {
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

  test("an archive that a collector has condemned is not committed to", async () => {
    const w = world();
    await makeSession(w, "s", text);
    const { put } = w.ports.archives;
    w.ports.archives.put = async (key, body, op) => {
      const info = await put(key, body, op);
      if (key.endsWith(".json") && !key.includes("/runs/")) await w.archiver.gc({ graceDays: 0 });
      return info;
    };
    await expect(w.archiver.archive("s")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await readText(w, "s")).toBe(text);
    expect((await w.archiver.info("s")).state).toBe("live");
  });
});

describe("start", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("sweeps now and then, never two at once, and stops", async () => {
    const w = world();
    let running = 0;
    let most = 0;
    let sweeps = 0;
    const { list } = w.ports.objects;
    w.ports.objects.list = async function* (query, op) {
      if (query?.archived === false) sweeps++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      yield* list(query, op);
      running--;
    };
    const schedule = w.archiver.start({ everyMs: 1000, maxTotalBytes: Number.POSITIVE_INFINITY });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
    expect(sweeps).toBeGreaterThan(2);
    const stopping = schedule.stop();
    await vi.advanceTimersByTimeAsync(3000);
    await stopping;
    const before = sweeps;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sweeps).toBe(before);
  });

  test("collects with the first round and then once a day, however often it sweeps", async () => {
    const w = world();
    let lists = 0;
    const { list } = w.ports.archives;
    w.ports.archives.list = (prefix, op) => {
      lists++;
      return list(prefix, op);
    };
    const schedule = w.archiver.start({ everyMs: 1000 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lists).toBe(1);
    w.now += DAY - 1;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lists).toBe(1);
    w.now += 1;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lists).toBe(2);
    await schedule.stop();
  });

  test("reports a failing sweep as an event and goes on", async () => {
    const w = world();
    let calls = 0;
    w.ports.objects.list = () => {
      calls++;
      throw Object.assign(new Error("store gone"), { code: "UNAVAILABLE" });
    };
    const schedule = w.archiver.start({ everyMs: 1000 });
    await vi.advanceTimersByTimeAsync(2500);
    await schedule.stop();
    expect(calls).toBe(3);
    expect(w.events).toContainEqual(
      expect.objectContaining({ type: "warning", code: "UNAVAILABLE", message: "store gone" }),
    );
  });

  test("leaves a round out when somebody else is at it, and does it once they are done", async () => {
    const w = world();
    await makeSession(w, "s", text, IDLE);
    let isTaken = true;
    const asked: boolean[] = [];
    const runExclusive = async <T>(round: () => Promise<T>): Promise<T | undefined> => {
      asked.push(isTaken);
      return isTaken ? undefined : round();
    };
    const schedule = w.archiver.start({ everyMs: 1000, runExclusive: runExclusive });
    await vi.advanceTimersByTimeAsync(2500);
    expect(asked).toEqual([true, true, true]);
    expect((await w.archiver.info("s")).state).toBe("live");
    isTaken = false;
    await vi.advanceTimersByTimeAsync(1000);
    await schedule.stop();
    expect((await w.archiver.info("s")).state).toBe("archived");
  });

  test("reports a runExclusive that throws, and goes on", async () => {
    const w = world();
    let calls = 0;
    const runExclusive = (): never => {
      calls++;
      throw new TypeError("no lock");
    };
    const schedule = w.archiver.start({ everyMs: 1000, runExclusive: runExclusive });
    await vi.advanceTimersByTimeAsync(1500);
    await schedule.stop();
    expect(calls).toBe(2);
    expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", message: "no lock" }));
  });

  test("keeps no process alive", async () => {
    vi.useRealTimers();
    const { execFile } = await import("node:child_process");
    const program = `import { createArchiver, memoryPorts } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
      createArchiver(memoryPorts()).start({ everyMs: 3_600_000 });`;
    await new Promise<void>((resolve, reject) => {
      execFile(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  });
});

test("a listener that throws breaks nothing", async () => {
  const w = world({
    onEvent: () => {
      throw new Error("listener");
    },
  });
  await makeSession(w, "s", text, IDLE);
  expect((await w.archiver.sweep()).archivedCount).toBe(1);
});

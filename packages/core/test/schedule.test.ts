/** Periodic rounds: never two at once, one gc a day, and a clean stop. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DAY, eventsOf, IDLE, jsonl, makeSession, metaOf, world } from "./support.js";

const text = jsonl(5);

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

  test("by default archives what is idle, prunes nothing, and comes again in an hour", async () => {
    const w = world();
    for (const id of ["idle", "recent"]) await makeSession(w, id, text, IDLE);
    await w.archiver.update("recent", (meta) => ({ ...meta, "session:last_activity_ms": w.now - 7 * DAY + 1 }));
    await makeSession(w, "huge", text, IDLE);
    await w.archiver.archive("huge");
    const { meta, version } = (await w.ports.objects.get("huge")) ?? { meta: {}, version: null };
    await w.ports.objects.put("huge", { ...meta, "session:archive_stored_bytes": 2 ** 50 }, version);
    const stateOf = async (id: string): Promise<string> =>
      (await metaOf(w, id))["session:archived_at"] ? "archived" : "live";
    const schedule = w.archiver.start();
    await vi.advanceTimersByTimeAsync(60 * 60 * 1000 - 1);
    expect([await stateOf("idle"), await stateOf("recent")]).toEqual(["archived", "live"]);
    w.now += 1;
    await vi.advanceTimersByTimeAsync(1);
    await schedule.stop();
    expect(await stateOf("recent")).toBe("archived");
    expect(await metaOf(w, "huge")).not.toHaveProperty("session:pruned_at");
    expect(eventsOf(w, "pruned")).toEqual([]);
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
});

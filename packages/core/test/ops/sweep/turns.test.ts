/** Several sweepers on one store: each session is worked on by one of them, whatever becomes of the others. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { sessionIdOf } from "../../../src/format.js";
import { type ArchiverEvent, createArchiver, type Ports, type SweepReport } from "../../../src/index.js";
import { IDLE, jsonl, keysOf, makeSession, readText, type World, world } from "../../support.js";

const LARGE = 4 * 1024 * 1024;
const TTL_MS = 20_000;

afterEach(() => void vi.useRealTimers());

/** As a process of its own: each call is a trip to the store, on which others may run. */
function process(w: World, onEvent: (event: ArchiverEvent) => void = () => {}) {
  const far = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "list" || name === "read") return member.bind(target);
        return async (...args: unknown[]) => {
          await new Promise(setImmediate);
          return Reflect.apply(member, target, args);
        };
      },
    });
  const { objects, blobs, archives } = w.ports;
  const ports: Ports = { objects: far(objects), blobs: far(blobs), archives: far(archives) };
  return createArchiver({ ...ports, now: () => w.now, onEvent });
}

async function manySessions(w: World, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, n) => `s${n}`);
  for (const [n, id] of ids.entries()) await makeSession(w, id, jsonl(3 + (n % 5)), IDLE);
  return ids;
}

/** Another sweeper's claims, or `[]` of those that it doesn't get. */
async function claim(w: World, owner: string, take: readonly string[], ttlMs = TTL_MS): Promise<readonly string[]> {
  const claimed = await w.ports.objects.claim?.(owner, { take, release: [] }, ttlMs);
  return claimed?.objects.map(({ id }) => id) ?? [];
}

/** Lets the time pass that it takes. */
async function inTime(work: Promise<SweepReport>): Promise<SweepReport> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) await vi.advanceTimersByTimeAsync(500);
  return done;
}

const withoutImmediates = () =>
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "performance", "Date"] });

describe("of several at once", () => {
  test.each([2, 4, 8])("%d archive each session once, and none in vain", async (count) => {
    const w = world();
    const ids = await manySessions(w, 150);
    const reports = await Promise.all(Array.from({ length: count }, () => process(w).sweep()));
    const sum = (key: "archivedCount" | "skippedCount" | "failedCount") =>
      reports.reduce((total, report) => total + report[key], 0);
    expect([sum("archivedCount"), sum("skippedCount"), sum("failedCount")]).toEqual([150, 0, 0]);
    const keys = await keysOf(w);
    expect(keys).toHaveLength(300);
    expect(new Set(keys.map(sessionIdOf))).toEqual(new Set(ids));
    for (const [n, id] of ids.entries()) expect(await readText(w, id)).toBe(jsonl(3 + (n % 5)));
  });

  test("none holds anything afterwards, of what failed or was left alone neither", async () => {
    const w = world();
    const ids = await manySessions(w, 40);
    await makeSession(w, "pinned", jsonl(3), { ...IDLE, "session:pinned": true });
    const { put } = w.ports.archives;
    w.ports.archives.put = (key, body, op) => {
      if (sessionIdOf(key) === "s7") throw Object.assign(new Error("full"), { code: "QUOTA" });
      return put(key, body, op);
    };
    const reports = await Promise.all([process(w).sweep(), process(w).sweep()]);
    expect(reports.flatMap(({ failures }) => failures.map(({ id }) => id))).toContain("s7");
    expect(await claim(w, "other", [...ids, "pinned"])).toHaveLength(41);
  });
});

test("what a sweeper held that is gone is archived by another, once its claims have ended", async () => {
  const w = world();
  const ids = await manySessions(w, 40);
  withoutImmediates();
  expect(await claim(w, "gone", ids.slice(5, 15))).toHaveLength(10);
  expect(await inTime(w.archiver.sweep())).toMatchObject({ archivedCount: 40, skippedCount: 0, failedCount: 0 });
});

test("what a sweeper holds that lives is left to it, and said", async () => {
  const w = world();
  await manySessions(w, 20);
  withoutImmediates();
  await claim(w, "lives", ["s3", "s4"]);
  const living = setInterval(() => void claim(w, "lives", []), 5_000);
  expect(await inTime(w.archiver.sweep())).toMatchObject({ archivedCount: 18, skippedCount: 2, failedCount: 0 });
  clearInterval(living);
  const skipped = w.events.filter(({ type }) => type === "skipped");
  expect(skipped).toEqual(["s3", "s4"].map((id) => ({ type: "skipped", id, reason: "another sweeper works on it" })));
  expect((await w.archiver.info("s3")).state).toBe("live");
});

test("a sweeper gives signs of life for what takes long", async () => {
  const w = world();
  await makeSession(w, "s", jsonl(3), IDLE);
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: isPutting, resolve: putting } = Promise.withResolvers<void>();
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    putting();
    await mayGoOn;
    return put(key, body, op);
  };
  withoutImmediates();
  const sweeping = w.archiver.sweep();
  await isPutting;
  await vi.advanceTimersByTimeAsync(5 * TTL_MS);
  expect(await claim(w, "other", ["s"])).toEqual([]);
  goOn();
  expect(await inTime(sweeping)).toMatchObject({ archivedCount: 1 });
});

test("a large session that waits for its turn may be taken by another", async () => {
  const w = world();
  for (const id of ["a", "b", "c"]) await makeSession(w, id, `${"x".repeat(1023)}\n`.repeat(LARGE / 1024), IDLE);
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<string>();
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    begun.resolve(sessionIdOf(key) ?? "");
    await mayGoOn;
    return put(key, body, op);
  };
  withoutImmediates();
  const sweeping = w.archiver.sweep();
  const first = await begun.promise;
  await vi.advanceTimersByTimeAsync(2_000);
  const taken = await claim(w, "other", ["a", "b", "c"], 24 * 60 * 60 * 1000);
  expect(taken).toEqual(["a", "b", "c"].filter((id) => id !== first));
  goOn();
  expect(await inTime(sweeping)).toMatchObject({ archivedCount: 1, skippedCount: 2, failedCount: 0 });
});

test("a store that fails to claim is swept all the same, with a word", async () => {
  const w = world();
  await manySessions(w, 40);
  w.ports.objects.claim = async () => {
    throw Object.assign(new Error("permission denied"), { code: "UNAVAILABLE" });
  };
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 40, failedCount: 0 });
  expect(w.events.filter(({ type }) => type === "warning")).toMatchObject([{ message: "permission denied" }]);
});

test.each([
  ["that waits for others", setImmediate],
  ["in the middle of its work", (abort: () => void) => abort()],
])("an abort ends a sweep %s, and it holds nothing then", async (_, soon) => {
  const w = world();
  const ids = await manySessions(w, 100);
  await claim(w, "other", ["s1"]);
  const controller = new AbortController();
  const sweeping = createArchiver({
    ...w.ports,
    now: () => w.now,
    onEvent({ type }) {
      if (type === "archived") soon(() => controller.abort());
    },
  }).sweep({ signal: controller.signal });
  await expect(sweeping).rejects.toMatchObject({ code: "ABORTED" });
  expect(await claim(w, "third", ids)).toEqual(ids.filter((id) => id !== "s1"));
});

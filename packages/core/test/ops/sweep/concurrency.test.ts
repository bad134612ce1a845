/** A sweep archives small sessions several at a time, and is otherwise what it was. */
import { expect, test } from "vitest";
import { sessionIdOf } from "../../../src/format.js";
import { createArchiver, type Ports } from "../../../src/index.js";
import { forEachConcurrent, type Weighed } from "../../../src/ops/concurrency.js";
import { IDLE, jsonl, keysOf, makeSession, readText, type World, world } from "../../support.js";

/** Notes which sessions are being put into the sink, and lets the others have their turn in between. */
function watch(w: World): { readonly together: Set<string>[]; most: number } {
  const seen = { together: [] as Set<string>[], most: 0 };
  const running = new Map<string, number>();
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, body, op) => {
    const id = sessionIdOf(key) ?? "";
    running.set(id, (running.get(id) ?? 0) + 1);
    seen.together.push(new Set(running.keys()));
    seen.most = Math.max(seen.most, running.size);
    await new Promise(setImmediate);
    try {
      return await put(key, body, op);
    } finally {
      running.delete(id);
    }
  };
  return seen;
}

/** Two of them are more than is archived at the same time; with a small one, so is each. */
const LARGE = 4 * 1024 * 1024;

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

test("small sessions are archived several at a time, a large one by itself, and all of them rightly", async () => {
  const w = world();
  const seen = watch(w);
  const texts = new Map<string, string>();
  for (let n = 0; n < 60; n++)
    texts.set(`s${n}`, n % 30 === 10 ? `${"x".repeat(1023)}\n`.repeat(LARGE / 1024) : jsonl(n + 1));
  for (const [id, text] of texts) await makeSession(w, id, text, IDLE);
  expect(await w.archiver.sweep()).toMatchObject({ archivedCount: 60, failedCount: 0, skippedCount: 0 });
  expect(seen.most).toBeGreaterThan(4);
  expect(seen.most).toBeLessThanOrEqual(64);
  for (const ids of seen.together) {
    const large = [...ids].filter((id) => (texts.get(id)?.length ?? 0) >= LARGE);
    if (large.length > 0) expect([...ids]).toEqual(large);
  }
  for (const [id, text] of texts) expect(await readText(w, id)).toBe(text);
  expect(w.events.filter(({ type }) => type === "archived")).toHaveLength(60);
});

test("the failure of one stops none of the others, and is reported once", async () => {
  const w = world();
  for (let n = 0; n < 40; n++) await makeSession(w, `s${n}`, jsonl(3), IDLE);
  const { put } = w.ports.archives;
  w.ports.archives.put = (key, body, op) =>
    sessionIdOf(key) === "s7"
      ? Promise.reject(Object.assign(new Error("full"), { code: "QUOTA" }))
      : put(key, body, op);
  const report = await w.archiver.sweep();
  expect(report).toMatchObject({ archivedCount: 39, failedCount: 1 });
  expect(report.failures).toEqual([{ id: "s7", code: "QUOTA", message: "full" }]);
});

test("once an aborted sweep has rejected, nothing of it goes on, and nothing half-done is left", async () => {
  const w = world();
  for (let n = 0; n < 40; n++) await makeSession(w, `s${n}`, jsonl(3), IDLE);
  const controller = new AbortController();
  let calls = 0;
  const counting = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        if (typeof method === "object") return counting(method);
        return (...args: unknown[]) => {
          if (++calls === 300) controller.abort();
          return method(...args);
        };
      },
    });
  const { objects, blobs, archives } = w.ports;
  const ports: Ports = { objects: counting(objects), blobs: counting(blobs), archives: counting(archives) };
  const archiver = createArchiver({ ...ports, now: () => w.now });
  await expect(archiver.sweep({ signal: controller.signal })).rejects.toMatchObject({ code: "ABORTED" });
  const after = calls;
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(calls).toBe(after);
  const archived = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => (await w.archiver.info(`s${n}`)).state === "archived"),
  );
  const done = archived.filter(Boolean).length;
  expect(done).toBeLessThan(40);
  expect(await keysOf(w)).toHaveLength(2 * done);
  for (let n = 0; n < 40; n++) expect(await readText(w, `s${n}`)).toBe(jsonl(3));
});

test("a listing that fails ends the work only after what is under way", async () => {
  const ended: number[] = [];
  const items = async function* () {
    yield 1;
    yield 2;
    throw new RangeError("listing");
  };
  const work = async (item: number): Promise<void> => {
    await new Promise(setImmediate);
    ended.push(item);
  };
  await expect(forEachConcurrent(items(), { count: 8, weight: 8 }, work)).rejects.toThrow("listing");
  expect(ended).toEqual([1, 2]);
});

test("after a failure no more are begun", async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    if (item === 2) throw new RangeError("work");
  };
  const weighty = (item: number, weighed: Weighed): Promise<void> => weighed(2, () => work(item));
  await expect(forEachConcurrent(streamOf([1, 2, 3, 4]), { count: 2, weight: 1 }, weighty)).rejects.toThrow("work");
  expect(begun).toEqual([1, 2]);
});

/** Tasks share the lock of the system in terms: never two processes at once, and each process gets its turn. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openLockTerms } from "../src/lock-terms.js";
import type { SystemLock } from "../src/system-lock.js";
import { openTurns } from "../src/turns.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One lock as several processes see it. */
function sharedLock() {
  let holder: number | undefined;
  let asked = 0;
  const taken: number[] = [];
  const seenBy = (number: number): SystemLock => ({
    async tryTake() {
      if (holder !== undefined) return false;
      holder = number;
      taken.push(number);
      return true;
    },
    release() {
      expect(holder).toBe(number);
      holder = undefined;
    },
    ask: () => void asked++,
    lastAsked: () => asked,
    close: () => undefined,
  });
  return { seenBy, taken, holder: () => holder };
}

test("tasks that come while others run share the lock, which is released when all have ended", async () => {
  const lock = sharedLock();
  const terms = openLockTerms(lock.seenBy(1), 1000);
  await Promise.all([terms.enter(undefined), terms.enter(undefined)]);
  terms.leave();
  await terms.enter(undefined);
  expect(lock.taken).toEqual([1]);
  terms.leave();
  expect(lock.holder()).toBe(1);
  terms.leave();
  expect(lock.holder()).toBeUndefined();
});

test("a process that is never idle lets others take the lock, who do the same", async () => {
  const lock = sharedLock();
  const done = [0, 0, 0];
  const lane = async (process: number, terms: ReturnType<typeof openLockTerms>): Promise<void> => {
    // Each process has tasks that overlap, and would never release the lock by itself.
    while (Math.min(...done) < 20) {
      await terms.enter(undefined);
      expect(lock.holder()).toBe(process);
      await turn();
      done[process] = (done[process] ?? 0) + 1;
      terms.leave();
    }
  };
  const processes = done.map((_, process) => openLockTerms(lock.seenBy(process), 60_000));
  await Promise.all(processes.flatMap((terms, process) => [1, 2, 3].map(() => lane(process, terms))));
  expect(lock.holder()).toBeUndefined();
});

test("defect: a task that came late into a term for which others waited, as the machine was busy, waited forever", async () => {
  const lock = sharedLock().seenBy(1);
  let asked = 0;
  const late = {
    ...lock,
    lastAsked() {
      for (const since = performance.now(); performance.now() - since < 15; );
      return ++asked;
    },
  };
  const terms = openLockTerms(late, 1000);
  await terms.enter(undefined);
  terms.leave();
});

test("a task that gives up while it waits does not keep the lock, and no other gives up with it", async () => {
  const lock = sharedLock();
  const other = openLockTerms(lock.seenBy(0), 1000);
  await other.enter(undefined);
  const terms = openLockTerms(lock.seenBy(1), 60_000);
  const controller = new AbortController();
  const giving = [terms.enter(controller.signal), terms.enter(controller.signal)];
  const staying = terms.enter(undefined);
  controller.abort();
  for (const each of giving) await expect(each).rejects.toMatchObject({ code: "ABORTED" });
  other.leave();
  await staying;
  expect(lock.holder()).toBe(1);
  terms.leave();

  await other.enter(undefined);
  const alone = new AbortController();
  const last = terms.enter(alone.signal);
  alone.abort();
  await expect(last).rejects.toMatchObject({ code: "ABORTED" });
  other.leave();
  // The lock may still be taken for the one that has given up. It is not kept.
  await other.enter(undefined);
  expect(lock.holder()).toBe(0);
  other.leave();
});

test("a lock that others keep is UNAVAILABLE for all who wait, and a failure to take it is theirs", async () => {
  const lock = sharedLock();
  const other = openLockTerms(lock.seenBy(0), 1000);
  await other.enter(undefined);
  const terms = openLockTerms(lock.seenBy(1), 1);
  const waiting = [terms.enter(undefined), terms.enter(undefined)];
  for (const each of waiting) await expect(each).rejects.toMatchObject({ code: "UNAVAILABLE" });
  other.leave();
  await terms.enter(undefined);
  terms.leave();
  const broken = openLockTerms({ ...lock.seenBy(2), tryTake: () => Promise.reject(new RangeError("disk")) }, 1000);
  for (const each of [broken.enter(undefined), broken.enter(undefined)]) await expect(each).rejects.toThrow("disk");
});

test("tasks of one key never overlap and keep their order, whatever fails; other keys do not wait", async () => {
  const task = fc.record({ key: fc.constantFrom("a", "b", "c"), turns: fc.nat(3), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 30 }), async (tasks) => {
      const turns = openTurns();
      const running = new Set<string>();
      const order = new Map<string, number[]>();
      const all = tasks.map(({ key, turns: length, fails }, number) =>
        turns.run(key, async () => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          order.set(key, [...(order.get(key) ?? []), number]);
          for (let n = 0; n < length; n++) await turn();
          running.delete(key);
          if (fails) throw new RangeError(String(number));
          return number;
        }),
      );
      const ending = Promise.allSettled(all);
      await turns.ended();
      const settled = await ending;
      expect(running.size).toBe(0);
      for (const numbers of order.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(settled.map(({ status }) => status === "rejected")).toEqual(tasks.map(({ fails }) => fails));
    }),
  );
  const turns = openTurns();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stuck = turns.run("a", () => promise);
  expect(await turns.run("b", async () => "done")).toBe("done");
  resolve();
  await stuck;
});

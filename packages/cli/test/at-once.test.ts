/** Work on many files at once, and imports that keep their order beside it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { ArchiverError } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { ALONE, atOnce } from "../src/at-once.js";
import type { CommandContext } from "../src/command.js";
import { forEachId } from "../src/commands/each-id.js";
import type { Named } from "../src/ids.js";
import { turns } from "../src/import/turns.js";

const MIB = 1024 * 1024;
const ITEMS: readonly number[] = Array.from({ length: 100 }, (_, n) => n);

/** Notes how many are under way. */
function watched(slow: (item: number) => number) {
  const seen = { running: new Set<number>(), most: 0, begun: 0 };
  const work = async (item: number): Promise<number> => {
    seen.begun++;
    seen.running.add(item);
    seen.most = Math.max(seen.most, seen.running.size);
    for (let turn = slow(item); turn > 0; turn--) await nextTurn();
    seen.running.delete(item);
    return item;
  };
  return { seen, work };
}

const { signal } = new AbortController();

test.each([
  [true, 0, 64],
  [true, MIB, 4],
  [true, 9 * MIB, 1],
  [true, ALONE, 1],
  [false, 0, 1],
])("many: %s, of %i bytes each: at most %i at once, and the results in order", async (many, bytes, most) => {
  const { seen, work } = watched((item) => 1 + ((item * 7) % 5));
  const done: number[] = [];
  await atOnce(ITEMS, { signal, many, weigh: () => bytes, work, done: (item, result) => done.push(item, result) });
  expect(done).toEqual(ITEMS.flatMap((item) => [item, item]));
  expect(seen.most).toBe(most);
});

test("after an error nothing is begun, and it rejects once all have ended", async () => {
  const { seen, work } = watched(() => 3);
  const failing = async (item: number): Promise<void> => {
    await work(item);
    if (item === 2) throw new RangeError("full");
  };
  const run = atOnce(ITEMS, { signal, many: true, weigh: () => 0, work: failing, done: () => undefined });
  await expect(run).rejects.toThrow("full");
  expect(seen.running.size).toBe(0);
  expect(seen.begun).toBeLessThan(70);
});

test("after an abort nothing is begun", async () => {
  const controller = new AbortController();
  const { seen, work } = watched(() => 1);
  const done = (item: number): void => {
    if (item === 1) controller.abort();
  };
  const run = atOnce(ITEMS, { signal: controller.signal, many: true, weigh: () => 0, work, done });
  await expect(run).rejects.toMatchObject({ code: "ABORTED" });
  expect(seen.running.size).toBe(0);
  expect(seen.begun).toBeLessThan(70);
});

describe("files that could concern the same session", () => {
  test("come in their order, whichever names its session first; others run beside them", async () => {
    const order = turns();
    const log: string[] = [];
    const file = async (name: string, names: readonly string[], slow: number): Promise<void> => {
      const turn = order.next();
      for (let left = slow; left > 0; left--) await nextTurn();
      await turn.run(names, async () => {
        log.push(`begun ${name}`);
        for (let left = slow; left > 0; left--) await nextTurn();
        log.push(`ended ${name}`);
      });
      turn.end();
    };
    await Promise.all([file("a1", ["a", "x"], 5), file("b", ["b"], 1), file("a2", ["a"], 0), file("x", ["x"], 0)]);
    expect(log.indexOf("begun b")).toBeLessThan(log.indexOf("ended a1"));
    expect(log.indexOf("begun a2")).toBeGreaterThan(log.indexOf("ended a1"));
    expect(log.indexOf("begun x")).toBeGreaterThan(log.indexOf("ended a1"));
  });

  test("one that ends without a name, or fails, holds nobody up", async () => {
    const order = turns();
    const [first, second, third] = [order.next(), order.next(), order.next()];
    first.end();
    const fails = second.run(["a"], () => Promise.reject(new RangeError("no")));
    await expect(fails).rejects.toThrow("no");
    second.end();
    expect(await third.run(["a"], async () => "done")).toBe("done");
  });
});

describe("for each id", () => {
  const ids = (all: readonly string[]): readonly Named[] => all.map((id) => ({ id }));

  /** Runs it with work that takes less time for each later session, and fails for `bad`. */
  async function run(all: readonly string[], weigh?: (id: string) => number) {
    const notes: string[] = [];
    const running: string[] = [];
    const together: string[][] = [];
    const context = { output: { note: (line: string) => notes.push(line) }, signal } as unknown as CommandContext;
    const work = async (id: string): Promise<string> => {
      running.push(id);
      together.push([...running]);
      for (let left = 9 - all.indexOf(id); left > 0; left--) await nextTurn();
      running.splice(running.indexOf(id), 1);
      if (id === "bad") throw new ArchiverError("CORRUPT", "It is damaged.", { id });
      return id;
    };
    return { outcomes: await forEachId(context, ids(all), work, weigh), notes, together };
  }

  test("many are worked on at once, results and failures have their order, and one failure leaves the others", async () => {
    const { outcomes, notes, together } = await run(["a", "bad", "c", "d"], () => 0);
    expect(outcomes.all).toEqual(["a", { id: "bad", code: "CORRUPT", message: "It is damaged." }, "c", "d"]);
    expect(outcomes).toMatchObject({ done: ["a", "c", "d"], allWell: false });
    expect(notes).toHaveLength(1);
    expect(together).toContainEqual(["a", "bad", "c", "d"]);
  });

  test.each([
    ["one that is to be alone", ["a", "b", "c"], (id: string) => (id === "b" ? ALONE : 0), "b"],
    ["one that is named twice", ["a", "b", "a", "c"], () => 0, "a"],
  ] as const)("%s", async (_, all, weigh, which) => {
    const { outcomes, together } = await run(all, weigh);
    expect(outcomes.all).toEqual(all);
    const last = together.findLastIndex((some) => some.at(-1) === which);
    expect(together[last]).toEqual([which]);
    for (const some of together) expect(new Set(some).size).toBe(some.length);
  });

  test("without weights they come one after the other", async () => {
    const { together } = await run(["a", "b", "c"]);
    expect(together).toEqual([["a"], ["b"], ["c"]]);
  });
});

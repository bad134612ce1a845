import { expect, test } from "vitest";
import { Pacer, SLICE_MS } from "../src/pacer.js";

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("work of many callers at once is spread over turns of the event loop, in order", async () => {
  const pacer = new Pacer();
  let turn = 0;
  let done = false;
  const nextTurn = (): void => {
    turn++;
    if (!done) setImmediate(nextTurn);
  };
  setImmediate(nextTurn);
  const turns: number[] = [];
  const order: number[] = [];
  const work = (n: number) => () => {
    busyFor(4);
    turns.push(turn);
    order.push(n);
  };
  await Promise.all(Array.from({ length: 30 }, (_, n) => pacer.run(work(n))));
  done = true;
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
  const perTurn = Map.groupBy(turns, (at) => at);
  // A slice of 10 ms holds at most three calls of 4 ms.
  for (const pieces of perTurn.values()) expect(pieces.length).toBeLessThanOrEqual(3);
});

test("work that throws rejects its own call only", async () => {
  const pacer = new Pacer();
  const failing = pacer.run(() => {
    throw new Error("its own");
  });
  await expect(failing).rejects.toThrow("its own");
  expect(await pacer.run(() => 7)).toBe(7);
});

/** A pacer with a clock that only goes on by what is done, and the turns in which pieces of work ran. */
function withClock() {
  const seen = { ms: 0, turn: 0, ran: [] as (readonly [name: string, turn: number])[] };
  const pacer = new Pacer(() => seen.ms);
  const work = (name: string, ms: number) => (): void => {
    seen.ms += ms;
    seen.ran.push([name, seen.turn]);
  };
  /** Counts turns until all is done. */
  const during = async (calls: readonly Promise<unknown>[]): Promise<void> => {
    let done = false;
    const next = (): void => {
      seen.turn++;
      if (!done) setImmediate(next);
    };
    setImmediate(next);
    await Promise.all(calls);
    done = true;
  };
  return { seen, pacer, work, during };
}

test("what follows from a piece of work counts for the slice of its turn", async () => {
  const { seen, pacer, work, during } = withClock();
  const names = Array.from({ length: 12 }, (_, n) => `${n}`);
  const followed = async (name: string): Promise<void> => {
    await pacer.run(work(name, 0));
    // As if a segment were compressed.
    seen.ms += 4;
  };
  await during([pacer.run(work("before", SLICE_MS)), ...names.map(followed)]);
  expect(seen.ran.slice(1).map(([name]) => name)).toEqual(names);
  const perTurn = Map.groupBy(seen.ran.slice(1), ([, turn]) => turn);
  expect([...perTurn.values()].map((pieces) => pieces.length)).toEqual([3, 3, 3, 3]);
});

test("the first work of a turn comes before all that waits, and leaves it half a slice", async () => {
  const { seen, pacer, work, during } = withClock();
  await during([
    ...["a", "b", "c", "d", "e"].map((name) => pacer.run(work(name, SLICE_MS / 2))),
    pacer.runFirst(work("first", 3 * SLICE_MS)),
  ]);
  expect(seen.ran.map(([name]) => name)).toEqual(["a", "b", "first", "c", "d", "e"]);
  const turns = seen.ran.map(([, turn]) => turn);
  expect(turns[3]).toBe(turns[2]);
  expect(turns[4]).toBe((turns[3] ?? 0) + 1);
});

test("the first work of a turn learns whether anything ran in the turn before", async () => {
  const { pacer, work, during } = withClock();
  const idle = (): Promise<boolean> => pacer.runFirst((wasIdle) => wasIdle);
  expect(await idle()).toBe(true);
  await during([pacer.run(work("a", 1))]);
  expect(await idle()).toBe(false);
  expect(await idle()).toBe(true);
  await during([
    pacer.run(work("a", SLICE_MS)),
    pacer.run(work("b", 1)),
    idle().then((was) => expect(was).toBe(false)),
  ]);
  expect(await idle()).toBe(false);
});

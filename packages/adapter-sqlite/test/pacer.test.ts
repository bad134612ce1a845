import { expect, test } from "vitest";
import { Pacer } from "../src/pacer.js";

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

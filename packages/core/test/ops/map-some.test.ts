/** Items that can be mapped at once pass by; those that have to be waited for keep their places. */
import { expect, test } from "vitest";
import { mapSome } from "../../src/ops/map-some.js";

async function* upTo(n: number, closed: number[] = []): AsyncGenerator<number> {
  try {
    for (let i = 0; i < n; i++) yield i;
  } finally {
    closed.push(n);
  }
}

const even = (n: number): number | undefined => (n % 2 === 0 ? n : undefined);

test("the order stays, whichever look ends first; what gives nothing is left out", async () => {
  const look = async (n: number): Promise<number | undefined> => {
    for (let i = 0; i < 100 - n; i++) await undefined;
    return n % 5 === 0 ? undefined : n;
  };
  const all = Array.from({ length: 100 }, (_, n) => n);
  expect(await Array.fromAsync(mapSome(upTo(100), even, look, 16))).toEqual(
    all.filter((n) => n % 2 === 0 || n % 5 !== 0),
  );
});

test("no more looks than allowed are under way, and many are", async () => {
  let [now, most] = [0, 0];
  const look = async (n: number): Promise<number> => {
    most = Math.max(most, ++now);
    for (let i = 0; i < 200; i++) await undefined;
    now--;
    return n;
  };
  expect(await Array.fromAsync(mapSome(upTo(200), () => undefined, look, 16))).toHaveLength(200);
  expect(most).toBe(16);
});

test("what waits behind a slow look is limited", async () => {
  let [read, finish] = [0, (): void => {}];
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const known = (n: number): number | undefined => {
    read = n;
    return n === 0 ? undefined : n;
  };
  const look = async (n: number): Promise<number> => slow.then(() => n);
  const mapped = mapSome(upTo(5000), known, look, 16);
  const first = mapped.next();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(read).toBeLessThan(1100);
  finish();
  expect(await first).toEqual({ value: 0, done: false });
  expect(await Array.fromAsync(mapped)).toHaveLength(4999);
});

test("a failure comes in its turn, and closes the source; so does a consumer that has enough", async () => {
  const closed: number[] = [];
  const look = async (n: number): Promise<number> => {
    if (n === 3) throw new RangeError("three");
    return n;
  };
  const seen: number[] = [];
  const run = async (): Promise<void> => {
    for await (const n of mapSome(upTo(50, closed), even, look, 4)) seen.push(n);
  };
  await expect(run()).rejects.toThrow("three");
  expect(seen).toEqual([0, 1, 2]);
  for await (const n of mapSome(upTo(60, closed), even, look, 4)) if (n === 2) break;
  expect(closed).toEqual([50, 60]);
});

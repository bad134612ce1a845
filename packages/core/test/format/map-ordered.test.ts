/** Mapping a stream with several items in the works, in order. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { mapOrdered } from "../../src/adapter.js";
import { runs } from "../fuzz.js";

/** Numbers from 0 on, and what became of them. */
function numbers(count: number, before: (n: number) => Promise<void> | void = () => {}) {
  const seen = { read: 0, closed: 0 };
  async function* items(): AsyncGenerator<number> {
    try {
      for (let n = 0; n < count; n++) {
        await before(n);
        seen.read++;
        yield n;
      }
    } finally {
      seen.closed++;
    }
  }
  return { seen, items: items() };
}

async function outcomeOf(stream: AsyncIterable<number>, stopAfter = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const got: unknown[] = [];
  try {
    for await (const value of stream) {
      got.push(value);
      if (got.length === stopAfter) break;
    }
  } catch (error) {
    got.push(error);
  }
  return got;
}

/** Lets everything run that waits for nothing but promises. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** A promise and what settles it. */
function gate(): { readonly opened: Promise<void>; open(): void; fail(error: Error): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve, fail: reject };
}

test("gives what a plain loop gives, whatever fails and wherever it stops", async () => {
  const counts = fc.nat(12);
  const point = fc.option(fc.nat(12), { nil: -1 });
  await fc.assert(
    fc.asyncProperty(
      counts,
      fc.integer({ min: 1, max: 5 }),
      point,
      point,
      fc.integer({ min: 1, max: 14 }),
      fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
      async (count, inFlight, readFails, mapFails, stopAfter, delays) => {
        const read = (n: number): void => {
          if (n === readFails) throw new Error(`read ${n}`);
        };
        const map = async (n: number): Promise<number> => {
          for (let i = delays[n] ?? 0; i > 0; i--) await Promise.resolve();
          if (n === mapFails) throw new Error(`map ${n}`);
          return n * 10;
        };
        async function* plainly(): AsyncGenerator<number> {
          for await (const n of numbers(count, read).items) yield await map(n);
        }
        const { seen, items } = numbers(count, read);
        const got = await outcomeOf(mapOrdered(items, map, inFlight), stopAfter);
        expect(got).toEqual(await outcomeOf(plainly(), stopAfter));
        expect(seen.closed).toBe(1);
      },
    ),
    runs(300),
  );
});

test("takes what can be looped over without waiting, too", async () => {
  expect(await outcomeOf(mapOrdered([1, 2, 3], async (n) => -n, 2))).toEqual([-1, -2, -3]);
  expect(await outcomeOf(mapOrdered(new Set([4]).values(), async (n) => -n, 2))).toEqual([-4]);
});

test("works ahead while its consumer is busy, and no further than allowed", async () => {
  for (const inFlight of [1, 2, 3]) {
    const { seen, items } = numbers(10);
    let mapped = 0;
    const results = mapOrdered(items, async (n) => mapped++ && n, inFlight);
    expect(await results.next()).toEqual({ done: false, value: 0 });
    await settled();
    expect([seen.read, mapped]).toEqual([1 + inFlight, 1 + inFlight]);
    await results.return(undefined);
    expect(seen.closed).toBe(1);
  }
});

test("nothing is read before it is asked for anything", async () => {
  const { seen, items } = numbers(3);
  mapOrdered(items, async (n) => n, 3);
  await settled();
  expect(seen.read).toBe(0);
});

test("reads one item at a time, of sources that can do no more", async () => {
  let reads = 0;
  let most = 0;
  let n = 0;
  const source: AsyncIterableIterator<number> = {
    [Symbol.asyncIterator]: () => source,
    async next() {
      most = Math.max(most, ++reads);
      await settled();
      reads--;
      return n < 8 ? { done: false, value: n++ } : { done: true, value: undefined };
    },
  };
  expect(await outcomeOf(mapOrdered(source, async (value) => value, 4))).toHaveLength(8);
  expect(most).toBe(1);
});

describe("stopped early", () => {
  test("lets the read that is under way end, begins no other, and closes the source", async () => {
    const reading = gate();
    const { seen, items } = numbers(10, (n) => (n === 2 ? reading.opened : undefined));
    const map = vi.fn(async (n: number) => n);
    const results = mapOrdered(items, map, 4);
    await results.next();
    await settled();
    const stopped = results.return(undefined);
    await settled();
    expect(seen).toMatchObject({ read: 2, closed: 0 });
    reading.open();
    await stopped;
    expect(seen).toMatchObject({ read: 3, closed: 1 });
  });

  test.each(["read", "map"])("a later failure in a %s causes no unhandled rejection", async (where) => {
    const later = gate();
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      const wait = (n: number): Promise<void> | undefined => (n === 2 ? later.opened : undefined);
      const { items } = numbers(5, where === "read" ? wait : undefined);
      const results = mapOrdered(
        items,
        async (n) => {
          if (where === "map") await wait(n);
          return n;
        },
        3,
      );
      await results.next();
      const stopped = results.return(undefined);
      later.fail(new Error("too late"));
      await stopped;
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
  });

  test("an error in closing the source is passed on", async () => {
    async function* failing(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        await Promise.reject(new Error("cannot close"));
      }
    }
    const results = mapOrdered(failing(), async (n) => n, 1);
    await results.next();
    await expect(results.return(undefined)).rejects.toThrow("cannot close");
  });
});

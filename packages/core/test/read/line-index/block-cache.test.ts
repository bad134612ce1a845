/** A cache of blocks that holds no more than it may. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { blockCache } from "../../../src/read/line-index/block-cache.js";

test("gives what was loaded, holds no more than it may, and forgets what was used least lately", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9)), async (keys) => {
      const cache = blockCache(40);
      let recent: readonly number[] = [];
      for (const key of keys) {
        let loads = 0;
        const load = async (): Promise<Uint8Array> => {
          loads++;
          return new Uint8Array(10).fill(key);
        };
        expect(await cache.get(String(key), load)).toEqual(new Uint8Array(10).fill(key));
        expect(loads).toBe(recent.includes(key) ? 0 : 1);
        recent = [key, ...recent.filter((other) => other !== key)].slice(0, 4);
        expect(cache.bytes).toBe(recent.length * 10);
      }
    }),
  );
});

test("one that is larger than all there may be is given, and the only one held", async () => {
  const cache = blockCache(5);
  await cache.get("a", async () => new Uint8Array(4));
  expect((await cache.get("b", async () => new Uint8Array(9))).length).toBe(9);
  expect(cache.bytes).toBe(9);
});

test("a request during a load waits for the same load; a failed one is forgotten", async () => {
  const cache = blockCache(100);
  const { promise, reject } = Promise.withResolvers<Uint8Array>();
  const first = cache.get("a", () => promise);
  const second = cache.get("a", () => Promise.reject(new Error("loaded twice")));
  reject(new Error("no"));
  await expect(first).rejects.toThrow("no");
  await expect(second).rejects.toThrow("no");
  expect((await cache.get("a", async () => new Uint8Array(3))).length).toBe(3);
  expect(cache.bytes).toBe(3);
});

/** Samples: of an exact size, each set as likely as any other, of the sessions with archives. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { sampler, sampleSize } from "../../../src/ops/verify/sample.js";
import { archived } from "../../catalogues.js";
import { dieAt } from "../../faults.js";
import { makeSession } from "../../support.js";
import { flipArchive } from "./support.js";

/** Numbers from 0 to below 1 that look random, the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const picked = (size: number, total: number, random: () => number): readonly number[] => {
  const pick = sampler(size, total, random);
  return Array.from({ length: total }, (_, i) => i).filter(() => pick());
};

test("a sample has exactly the size it is to have, whatever random gives", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.infiniteStream(fc.double()), (a, b, stream) => {
      const [size, total] = [Math.min(a, b), Math.max(a, b)];
      const random = (): number => stream.next().value ?? 0;
      expect(picked(size, total, random)).toHaveLength(size);
    }),
  );
});

test("each set of two out of five is as likely as any other", () => {
  const random = seeded(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const name = picked(2, 5, random).join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(counts.size).toBe(10);
  for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test("more than was counted is not picked, and a share is rounded up", () => {
  const pick = sampler(1, 1, () => 0);
  expect([pick(), pick(), pick()]).toEqual([true, false, false]);
  expect([sampleSize("5%", 172), sampleSize("0.1%", 3), sampleSize("100%", 3)]).toEqual([9, 1, 3]);
  expect([sampleSize("5%", 0), sampleSize(20, 172), sampleSize(20, 7)]).toEqual([0, 20, 7]);
});

test.each([
  [2, 2],
  ["50%", 2],
  [9, 4],
] as const)("a sample of %j verifies %i sessions with archives, and writes nothing", async (sample, size) => {
  const w = await archived("a", "b", "c", "d");
  await makeSession(w, "live", "x\n");
  await w.archiver.pruneSession("d");
  const archivedAt = w.now;
  w.now += 1000;
  const revive = dieAt(w, 1);
  const steps: unknown[] = [];
  const report = await w.archiver.verifyAll(undefined, { sample, random: seeded(3), onSession: (s) => steps.push(s) });
  const knownWholeAt = size === 4 ? w.now : archivedAt;
  expect(report).toEqual({ checked: size, bad: [], skipped: 4 - size, total: 4, complete: false, knownWholeAt });
  expect(steps).toEqual(steps.map((_, done) => ({ id: expect.stringMatching(/^[a-d]$/), done, toDo: size })));
  expect(steps).toHaveLength(size);
  expect(revive()).toBe(false);
});

test("the sample is another each time, and in the long run everything", async () => {
  const w = await archived("a", "b", "c");
  const seen = new Set<string>();
  for (let i = 0; i < 40; i++)
    await w.archiver.verifyAll(undefined, { sample: 1, onSession: ({ id }) => seen.add(id) });
  expect([...seen].sort()).toEqual(["a", "b", "c"]);
});

test("a bad session in the sample is reported, and counts for nothing that is known", async () => {
  const w = await archived("a");
  w.now += 1000;
  await makeSession(w, "b", "x\n");
  await w.archiver.archive("b");
  await flipArchive(w, "a");
  const report = await w.archiver.verifyAll(undefined, { sample: "100%" });
  expect(report).toMatchObject({ checked: 2, bad: [{ id: "a", code: "CORRUPT" }], knownWholeAt: w.now });
});

test("a store without archives has no sample, and with a sample kept notes it stays a sample", async () => {
  const w = await archived();
  await makeSession(w, "live", "x\n");
  const none = { checked: 0, bad: [], skipped: 0, total: 0, complete: false, knownWholeAt: null };
  expect(await w.archiver.verifyAll(undefined, { sample: 5 })).toEqual(none);
  await w.archiver.archive("live");
  w.now += 1000;
  const report = await w.archiver.verifyAll(undefined, { sample: 5, note: true });
  expect(report).toMatchObject({ checked: 1, total: 1, knownWholeAt: w.now });
  expect(await w.archiver.info("live")).toMatchObject({ knownWholeAt: w.now });
});

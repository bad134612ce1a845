/** Which parts a tail leaves as they are: few parts, and little that is written again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { keptParts, SMALL_PART_BYTES } from "../../src/format/merge-parts.js";
import { runs } from "../fuzz.js";

const KIB = 1024;
const MIB = 1024 * KIB;

test.each<[string, readonly number[], number, number]>([
  ["a line goes behind a large part", [100 * MIB], 300, 1],
  ["a line goes into a small part", [100 * MIB, 12 * KIB], 300, 1],
  ["a line goes behind a part of the middle", [100 * MIB, 20 * KIB], 300, 2],
  ["a small session stays in one file", [30 * KIB], 300, 0],
  ["a session that was small gets a part", [60 * KIB], 5 * KIB, 1],
  ["a very small one becomes one with a large tail", [10 * KIB], 100 * KIB, 0],
  ["three of about the same size stay", [100 * MIB, MIB, MIB], MIB, 3],
  ["four of about the same size become one", [100 * MIB, MIB, MIB, MIB], MIB, 1],
  ["what becomes one counts as one", [100 * MIB, 5 * MIB, 5 * MIB, 5 * MIB, MIB, MIB, MIB], 2 * MIB, 1],
  ["a large tail takes in what is small beside it", [MIB, MIB, MIB], 100 * MIB, 0],
])("%s", (_, sizes, added, kept) => {
  expect(keptParts(sizes, added)).toBe(kept);
});

/** A part of fewer bytes behind others is made anew. */
const SMALL_LATER_BYTES = SMALL_PART_BYTES / 4;

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Adds tails to a file, and what all writing was for each raw byte of it. */
function grown(
  first: number,
  tails: readonly number[],
): { readonly parts: readonly number[]; readonly writes: number } {
  let parts: readonly number[] = [first];
  let written = first;
  for (const added of tails) {
    const kept = keptParts(parts, added);
    const last = sumOf(parts.slice(kept)) + added;
    parts = [...parts.slice(0, kept), last];
    written += last;
  }
  return { parts, writes: written / (first + sumOf(tails)) };
}

test.each([
  [300 * KIB, 4000, 5],
  [MIB, 2000, 5],
  [20 * KIB, 20_000, 7],
  [5 * KIB, 4000, 7],
  [70 * KIB, 3000, 5],
])("%d bytes at a time, %d times: all that is written is at most %d times the output", (size, times, most) => {
  const { parts, writes } = grown(
    MIB,
    Array.from({ length: times }, () => size),
  );
  expect(writes).toBeLessThan(most);
  expect(parts.length).toBeLessThan(20);
});

test("few parts, and few writes, in whatever rhythm", () => {
  const sizes = fc.array(
    fc.double({ min: 10, max: 23, noNaN: true }).map((power) => Math.round(2 ** power)),
    {
      minLength: 1,
      maxLength: 400,
    },
  );
  fc.assert(
    fc.property(sizes, (tails) => {
      const { parts, writes } = grown(tails[0] ?? 1, tails.slice(1));
      const all = sumOf(tails);
      // A byte is written again when it is small, and at each of the levels, which are four times as large as the one below.
      const levels = Math.log2((all + SMALL_LATER_BYTES) / SMALL_LATER_BYTES) / 2;
      expect(parts.length).toBeLessThanOrEqual(3 * (levels + 2));
      const whileSmall = tails.filter((_, i) => sumOf(tails.slice(0, i + 1)) < SMALL_PART_BYTES).length;
      const small = tails.filter((size) => size < SMALL_LATER_BYTES).length;
      const again = whileSmall * SMALL_PART_BYTES + small * 2 * SMALL_LATER_BYTES;
      expect(writes * all).toBeLessThanOrEqual(all * (levels + 3) + again);
    }),
    runs(200),
  );
});

test("infinitely large small parts: always one", () => {
  expect(keptParts([100 * MIB, MIB], 10, Number.POSITIVE_INFINITY)).toBe(0);
});

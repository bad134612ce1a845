/** Where the last lines begin, by places that are known, and without. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newlinesIn } from "../../src/jsonl.js";
import type { Checkpoint } from "../../src/read/line-index/checkpoints.js";
import type { Pages } from "../../src/read/pages.js";
import { startOfLast } from "../../src/read/tail.js";
import { runs } from "../fuzz.js";
import { linesOf } from "../support.js";

const content = fc
  .array(fc.constantFrom(10, 65, 65, 65, 65, 65, 65, 65), { maxLength: 300 })
  .map((all) => Uint8Array.from(all));

function naive(bytes: Uint8Array, count: number): number {
  const lines = linesOf(new TextDecoder().decode(bytes));
  return bytes.length - lines.slice(Math.max(0, lines.length - count)).join("").length;
}

function fileOf(bytes: Uint8Array, block: number, places: readonly Checkpoint[]) {
  let read = 0;
  const pages: Pages = async (start, end) => {
    read += end - start;
    return bytes.slice(start, end);
  };
  const file = {
    size: bytes.length,
    counted: undefined,
    blockAt: async (offset: number) => {
      const start = offset - (offset % block);
      return { start, end: Math.min(bytes.length, start + block) };
    },
    places: async () => places,
  };
  return { file, pages, read: () => read };
}

test("is the same with places and without, wherever these are", async () => {
  await fc.assert(
    fc.asyncProperty(
      content,
      fc.nat(40),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.nat(300), { maxLength: 9 }),
      fc.nat(100),
      async (bytes, count, block, offsets, near) => {
        const all = [...new Set([0, ...offsets.filter((offset) => offset < bytes.length)])].sort((a, b) => a - b);
        const places = all.map((offset) => ({ offset, line: newlinesIn(bytes.subarray(0, offset)) }));
        const { file, pages } = fileOf(bytes, block, places);
        expect(await startOfLast(file, pages, count, near)).toBe(naive(bytes, count));
      },
    ),
    runs(600),
  );
});

test("is found from near places that are wrong by their number only, and without those that contradict the bytes", async () => {
  const bytes = new TextEncoder().encode("a line\n".repeat(100));
  const right = [0, 70, 350, 630].map((offset) => ({ offset, line: offset / 7 }));
  for (const places of [
    right.map((place) => ({ ...place, line: place.line + 1000 })),
    right.map(({ offset }, i) => ({ offset, line: i * 1000 })),
  ]) {
    const { file, pages } = fileOf(bytes, 7, places);
    expect(await startOfLast(file, pages, 60, 10)).toBe(280);
  }
});

test("costs no look at what lies between", async () => {
  const bytes = new TextEncoder().encode(`${"a line\n".repeat(10)}${"x".repeat(1_000_000)}\nend\n`);
  const places = [0, 70, 1000, 900_000, 1_000_000].map((offset) => ({ offset, line: Math.min(10, offset / 7) }));
  const { file, pages, read } = fileOf(bytes, 64, places);
  expect(await startOfLast(file, pages, 3, 100)).toBe(63);
  expect(read()).toBeLessThan(200_000);
});

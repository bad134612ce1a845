import { expect, test } from "vitest";
import { createAdmission } from "../../src/transcript/admission.ts";

/** Draws the rows frame by frame until all are admitted; returns how many each frame added. */
function framesFor(chars: readonly number[]): readonly number[] {
  const frames: (() => void)[] = [];
  let redraws = 1;
  const admission = createAdmission(() => redraws++, { request: (run) => frames.push(run), cancel: () => {} });
  const drawn = new Set<number>();
  const brought: number[] = [];
  for (let done = 0; done < redraws && brought.length < 1000; done++) {
    const before = drawn.size;
    for (const [index, length] of chars.entries()) if (admission.admit(index, length)) drawn.add(index);
    brought.push(drawn.size - before);
    admission.settle(new Set(chars.keys()));
    frames.shift()?.();
  }
  expect(drawn.size).toBe(chars.length);
  return brought;
}

test("a few rows a frame", () => {
  expect(framesFor(Array.from({ length: 20 }, () => 100))).toEqual([6, 6, 6, 2]);
});

test("long lines one by one, however long", () => {
  expect(framesFor([200_000, 10, 40_000, 40_000])).toEqual([1, 2, 1]);
});

test("rows that were drawn before are admitted at once; rows that had left the list wait again", () => {
  const admission = createAdmission(() => {}, { request: () => 1, cancel: () => {} });
  for (let index = 0; index < 6; index++) expect(admission.admit(index, 1)).toBe(true);
  expect(admission.admit(6, 1)).toBe(false);
  admission.settle(new Set([3]));
  expect(admission.admit(3, 1)).toBe(true);
  expect(admission.admit(4, 1)).toBe(false);
});

import { expect, test } from "vitest";
import { median, pairedRatio } from "../src/report/statistics.js";

test("the median is the middle value, or the mean of the two in the middle, in any order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([100, 2, 4, 1])).toBe(3);
  expect(median([])).toBeNaN();
});

test("a ratio compares values of the same round, so that a slow time of the machine cancels out", () => {
  // The second half of the rounds ran on a machine three times as slow.
  expect(pairedRatio([2, 2, 6, 6], [1, 1, 3, 3])).toBe(2);
  // One round of theirs was disturbed, another was slow for both.
  expect(pairedRatio([10, 1, 100], [2, 1, 100])).toBe(1);
  // A round that only one of them has is left out.
  expect(pairedRatio([2, 2, 600], [1, 1])).toBe(2);
  expect(pairedRatio([1], [])).toBeUndefined();
});

import { expect, test } from "vitest";
import { median, pairedRatio, percentile } from "../src/report/statistics.js";

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

test("a percentile is the least value that this share of the values doesn't exceed", () => {
  const values = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile(values, 1)).toBe(200);
  expect(percentile([7, 3], 0.5)).toBe(3);
  expect(percentile([], 0.5)).toBeNaN();
});

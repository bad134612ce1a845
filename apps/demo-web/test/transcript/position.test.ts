import { expect, test } from "vitest";
import { lineFromInput } from "../../src/transcript/line-input.ts";

test.each([
  ["1", 0],
  ["100000", 99_999],
  ["41,203", 41_202],
  [" 41 203 ", 41_202],
  ["41.203", 41_202],
  ["0", null],
  ["100001", null],
  ["-5", null],
  ["1e3", null],
  ["", null],
  ["end", null],
  ["9".repeat(30), null],
])("%j is line index %s", (typed, index) => expect(lineFromInput(typed, 100_000)).toBe(index));

import { cpuMsOf } from "@session-archiver/test-kit/machine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineDiff } from "../src/blocks/line-diff.js";

const text = fc.array(fc.constantFrom("a", "b", "c", "", "  d"), { maxLength: 12 }).map((lines) => lines.join("\n"));
const lines = (value: string): readonly string[] => (value === "" ? [] : value.replace(/\n$/, "").split("\n"));

describe("lineDiff", () => {
  test("without what was added it is the old text, without what was removed the new one", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = lineDiff(before, after);
        const side = (sign: string) => diff.filter((line) => line.sign !== sign).map((line) => line.text);
        expect(side("+")).toEqual(lines(before));
        expect(side("-")).toEqual(lines(after));
      }),
    );
  });

  test("of equal texts changes nothing", () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(lineDiff(same, same).filter(({ sign }) => sign !== " ")).toEqual([]);
      }),
    );
  });

  test("keeps what is common in the middle", () => {
    expect(lineDiff("1\nkeep\n2", "3\nkeep\n4").filter(({ sign }) => sign === " ")).toEqual([
      { sign: " ", text: "keep" },
    ]);
  });

  test("of large and wholly different texts is quick", () => {
    const [before, after] = ["x", "y"].map((word) => Array.from({ length: 20_000 }, (_, i) => word + i).join("\n"));
    let found = 0;
    const took = cpuMsOf(() => {
      found = lineDiff(before ?? "", after ?? "").length;
    });
    expect(found).toBe(40_000);
    // Line by line with each other it would be 400 million comparisons.
    expect(took).toBeLessThan(1000);
  });
});

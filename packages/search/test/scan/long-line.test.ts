/** What is found in a line that is searched in windows. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SearchOptions, Term } from "../../src/index.js";
import { compile } from "../../src/query/compile.js";
import { longLine } from "../../src/scan/long-line.js";
import { runs } from "../fuzz.js";

function look(text: string, terms: readonly Term[], options: SearchOptions = {}, step = 700_001) {
  const bytes = Buffer.from(text);
  const line = longLine(compile({ terms }, options), 60);
  for (let at = 0; at < bytes.length; at += step) line.add(bytes.subarray(at, at + step));
  return line.end();
}

const literal = (text: string): Term => ({ kind: "literal", text });
const filled = (length: number): string => "lorem ipsum ".repeat(Math.ceil(length / 12)).slice(0, length);

describe("a line of some windows", () => {
  test("holds a term wherever it stands, and however it is escaped", () => {
    const spellings = ["needle", "\\u006eeedle", "n\\u0065\\u0065dle", "\\\\u006eeedle", "\\u005cu006eeedle"];
    fc.assert(
      fc.property(
        fc.nat(3_300_000),
        fc.constantFrom(...spellings),
        fc.integer({ min: 1000, max: 1_500_000 }),
        (at, spelling, step) => {
          const text = `${filled(at)} ${spelling} ${filled(3_300_000 - at)}`;
          expect(look(text, [literal("needle")], { wholeWords: true }, step)?.snippet.text).toContain("needle");
          expect(look(text, [literal("needles")], {}, step)).toBeUndefined();
        },
      ),
      runs(12),
    );
  });

  test("holds terms that stand far apart", () => {
    const text = `one ${filled(2_500_000)} two`;
    expect(look(text, [literal("two"), literal("one")])).toBeDefined();
    expect(look(text, [literal("two"), literal("three")])).toBeUndefined();
  });

  test("has no word edges, and no line ends, where a window ends", () => {
    const text = "a".repeat(4_000_000);
    expect(look(text, [literal("aaaa")], { wholeWords: true })).toBeUndefined();
    const end: Term = { kind: "regex", source: "b$" };
    expect(look(`${"b".repeat(4_000_000)}c`, [end])).toBeUndefined();
    expect(look("b".repeat(4_000_000), [end])).toBeDefined();
  });

  test("says what its beginning says", () => {
    expect(look(`{"type":"user","x":"${filled(2_000_000)} needle"}`, [literal("needle")])?.head).toMatch(
      /^{"type":"user"/,
    );
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/query/compile.js";
import { snippetOf } from "../../src/search/snippet.js";
import { runs } from "../fuzz.js";

test("a snippet is a part of the text, as long as was asked for, with every match in it", () => {
  const text = fc.string({ unit: fc.constantFrom("ab", "a", "b", "\n", " ", "é"), maxLength: 120 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (whole, length) => {
      const query = compile({ terms: [{ kind: "literal", text: "ab" }] }, {});
      const at = query[0]?.find(whole);
      if (!at) return;
      const { text: shown, matches, isCutBefore, isCutAfter } = snippetOf(whole, at, query, length);
      expect(whole).toContain(shown);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.length).toBeLessThanOrEqual(length);
      expect(isCutBefore || whole.startsWith(shown)).toBe(true);
      expect(isCutAfter || whole.endsWith(shown)).toBe(true);
      const marked = [...shown].flatMap((_, i) => (matches.some(([start, end]) => i >= start && i < end) ? [i] : []));
      const offsets = [...whole].map((_, i) => i).filter((i) => whole.startsWith(shown, i));
      const inShown = (offset: number): number[] =>
        [...whole.matchAll(/ab/g)]
          .flatMap(({ index }) => [index - offset, index - offset + 1])
          .filter((i) => i >= 0 && i < shown.length);
      expect(offsets.map(inShown)).toContainEqual(marked);
      expect(matches.length).toBeGreaterThan(0);
    }),
    runs(500),
  );
});

test("a snippet cuts no character in half", () => {
  const query = compile({ terms: [{ kind: "literal", text: "x" }] }, {});
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 30 }), (before, after, length) => {
      const whole = `${"😀".repeat(before)}x${"😀".repeat(after)}`;
      const { text } = snippetOf(whole, { start: before * 2, end: before * 2 + 1 }, query, length);
      expect(text.isWellFormed()).toBe(true);
      expect(text).toContain("x");
    }),
    runs(300),
  );
});

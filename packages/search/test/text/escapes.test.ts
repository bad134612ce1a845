import fc from "fast-check";
import { expect, test } from "vitest";
import { openEscape, withoutEscapes } from "../../src/text/escapes.js";
import { runs } from "../fuzz.js";

test("resolves what JSON resolves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(withoutEscapes(JSON.stringify(text).slice(1, -1))).toBe(text);
    }),
    runs(500),
  );
});

test("leaves what is no escape", () => {
  expect(withoutEscapes("\\x \\u12 \\uzzzz \\")).toBe("\\x \\u12 \\uzzzz \\");
});

test("text cut before an open escape, and the rest, resolve to what the whole resolves to", () => {
  const text = fc.string({ unit: fc.constantFrom("\\", "u", "0", "6", "1", "n", '"', "x"), maxLength: 24 });
  fc.assert(
    fc.property(text, fc.nat(24), (whole, at) => {
      const cut = Math.min(at, whole.length) - openEscape(whole.slice(0, at));
      expect(withoutEscapes(whole.slice(0, cut)) + withoutEscapes(whole.slice(cut))).toBe(withoutEscapes(whole));
    }),
    runs(3000),
  );
});

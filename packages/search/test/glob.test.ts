/** Patterns for names of projects. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matcherOf } from "../src/glob.js";

/** The same patterns as a regular expression, which is right, but slow for some. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern.match(/\*\*|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === "**") return "[\\s\\S]*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[$()*+.?[\\\]^{|}]/u, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "u");
}

const name = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "é", "😀", "\n", "("), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*", "?", "😀", "(", "**"), maxLength: 8 });

describe("a pattern", () => {
  test.each([
    ["app", "app", true],
    ["app", "apps", false],
    ["app*", "apps", true],
    ["/home/*/app", "/home/me/app", true],
    ["/home/*", "/home/me/app", false],
    ["/home/**", "/home/me/app", true],
    ["**/app", "/home/me/app", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "a😀c", true],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
  ])("%j and %j: %s", (given, text, fits) => {
    expect(matcherOf(given)(text)).toBe(fits);
  });

  test("matches as a regular expression of the same meaning does", () => {
    fc.assert(
      fc.property(pattern, name, (given, text) => {
        expect(matcherOf(given)(text)).toBe(expressionOf(given).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("without wildcards fits itself alone", () => {
    const plain = name.filter((text) => !/[*?]/.test(text));
    fc.assert(
      fc.property(plain, plain, (given, text) => {
        expect(matcherOf(given)(text)).toBe(given === text);
        expect(matcherOf(given)(given)).toBe(true);
      }),
    );
  });

  test("takes as many steps as pattern times name at most, where an expression would try every way", () => {
    const text = `${"a".repeat(2000)}b`;
    expect(matcherOf(`${"*a".repeat(200)}c`)(text)).toBe(false);
    expect(matcherOf(`${"**a".repeat(200)}b`)(text)).toBe(true);
    expect(matcherOf(`${"*".repeat(500)}x`)("a".repeat(2000))).toBe(false);
  });
});

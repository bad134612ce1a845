import { expect, test } from "vitest";
import { compile } from "../../src/query/compile.js";
import { parseQuery } from "../../src/query/parse-query.js";
import { bestPlace } from "../../src/search/best-place.js";

function placeIn(text: string, words: string, length: number): number {
  const query = compile(parseQuery(words), {});
  return bestPlace(text, { start: text.indexOf("a"), end: text.indexOf("a") + 1 }, query, length).start;
}

test("a snippet shows where most terms stand together", () => {
  const text = `a ${".".repeat(100)} b ${".".repeat(100)} a b ${".".repeat(100)} c a b`;
  expect(placeIn(text, "a b c", 10)).toBe(text.indexOf("c a b"));
  expect(placeIn(text, "a b", 10)).toBe(text.indexOf("a b"));
  expect(placeIn(text, "a", 10)).toBe(0);
  expect(placeIn(text, "a b c", 1000)).toBe(0);
});

test("terms that stand apart are shown from the first, however often they occur", () => {
  expect(placeIn(`${"a".repeat(5000)}b`, "a b", 3)).toBe(0);
});

test("an empty match has an end", () => {
  const query = compile(parseQuery(["x*", "b"], { regex: true }), {});
  expect(bestPlace("aab", { start: 0, end: 0 }, query, 10).start).toBe(0);
});

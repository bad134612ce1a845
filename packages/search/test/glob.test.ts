import { expect, test } from "vitest";
import { matcherOf } from "../src/glob.js";

test("names of projects are matched without taking long", () => {
  expect(matcherOf("/home/me/*")("/home/me/a")).toBe(true);
  expect(matcherOf("/home/me/*")("/home/me/a/b")).toBe(false);
  expect(matcherOf("/home/me/**")("/home/me/a/b")).toBe(true);
  expect(matcherOf("a?c")("abc")).toBe(true);
  expect(matcherOf("a?c")("a/c")).toBe(false);
  expect(matcherOf(`${"*".repeat(500)}x`)("a".repeat(2000))).toBe(false);
});

/** Errors are known by their code. */
import { expect, test } from "vitest";
import { hasCode } from "../src/index.js";

test("hasCode knows errors by their code, not their class", () => {
  expect(hasCode({ code: "CONFLICT" }, "NOT_FOUND", "CONFLICT")).toBe(true);
  expect(hasCode(new Error("x"), "CONFLICT")).toBe(false);
  expect(hasCode(undefined, "CONFLICT")).toBe(false);
});

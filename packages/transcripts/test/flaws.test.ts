import { describe, expect, test } from "vitest";
import { parseLine } from "../src/lines/parse-line.js";

const user = (text: string): string => JSON.stringify({ type: "user", message: { role: "user", content: text } });

describe("lines that aren't one complete record", () => {
  test.each([
    ["", "blank"],
    ["\r", "blank"],
    ["  \t", "blank"],
    ["\0\0\0\0", "blank"],
    ["this is not JSON", "not-json"],
    ["// Source: a comment", "not-json"],
    [user("hello").slice(0, -8), "torn"],
    ["{", "torn"],
    [user("one") + user("two"), "glued"],
    [user("fine"), null],
    [`\uFEFF${user("fine")}`, null],
    ["42", null],
  ])("%j is %s", (text, flaw) => {
    expect(parseLine(text, "claude-code").flaw).toBe(flaw);
  });

  test("a torn record shows its beginning", () => {
    const { entries } = parseLine(user("the first half and the second").slice(0, -16), "claude-code");
    expect(entries).toMatchObject([{ role: "user", blocks: [{ type: "text", text: "the first half a" }] }]);
  });

  test("glued records are shown one after the other", () => {
    const { entries } = parseLine(user("one") + user("two"), "claude-code");
    expect(entries.map(({ blocks }) => blocks)).toEqual([
      [{ type: "text", text: "one" }],
      [{ type: "text", text: "two" }],
    ]);
  });

  test("text that isn't JSON is shown unchanged", () => {
    expect(parseLine("plain words", "codex").entries).toMatchObject([
      { blocks: [{ type: "raw", text: "plain words" }] },
    ]);
  });

  test("zero bytes are counted", () => {
    expect(parseLine("\0\0\0", "codex").entries).toMatchObject([
      { blocks: [{ label: "Blank line", detail: "3 zero bytes" }] },
    ]);
  });

  test("a line that was cut for display is not called torn, even if it is complete", () => {
    expect(parseLine(user("x").slice(0, -3), "claude-code", true).flaw).toBe("cut");
    expect(parseLine('{"a', "claude-code", true).flaw).toBe("cut");
    expect(parseLine("12", "claude-code", true).flaw).toBe("cut");
  });
});

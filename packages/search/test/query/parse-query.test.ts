import { describe, expect, test } from "vitest";
import { parseQuery } from "../../src/index.js";

const literal = (text: string) => ({ kind: "literal", text });

describe("a query as people type it", () => {
  test.each([
    ["race condition", ["race", "condition"]],
    ['  "race condition"  fixed ', ["race condition", "fixed"]],
    ['say"hi" "a"b', ['say"hi"', "a", "b"]],
    ['"" word', ["word"]],
    ["tab\tand\nline", ["tab", "and", "line"]],
  ])("%j is %j", (text, terms) => {
    expect(parseQuery(text)).toEqual({ terms: terms.map(literal) });
  });

  test("arguments are read one by one, so that a phrase can't begin in one and end in another", () => {
    expect(parseQuery(["one two", '"three four"'])).toEqual({ terms: ["one", "two", "three four"].map(literal) });
    expect(() => parseQuery(['"one', 'two"'])).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  test("literal arguments stay as they are", () => {
    expect(parseQuery(['"a b"', " c "], { literal: true })).toEqual({ terms: ['"a b"', " c "].map(literal) });
  });

  test("each argument is one regular expression", () => {
    expect(parseQuery(["a b", "c|d"], { regex: true })).toEqual({
      terms: [
        { kind: "regex", source: "a b" },
        { kind: "regex", source: "c|d" },
      ],
    });
  });
});

describe("is refused, with what is wrong", () => {
  test.each([
    ["", {}, "The query is empty"],
    ['   ""  ', {}, "The query is empty"],
    [[], {}, "The query is empty"],
    [["", ""], { literal: true }, "The query is empty"],
    ['fix "the bug', {}, 'The phrase "the bug has no closing quote'],
    ["a(b", { regex: true }, "Not a regular expression: "],
    ["*", { regex: true }, "Not a regular expression: "],
    ["a", { regex: true, literal: true }, "literal or a regular expression, not both"],
  ])("%j with %j", (text, options, message) => {
    expect(() => parseQuery(text, options)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) }),
    );
  });

  test("what is no text", () => {
    expect(() => parseQuery(5 as unknown as string)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

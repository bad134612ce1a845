import { expect, test } from "vitest";
import { jsonTexts } from "../../src/text/json-texts.js";
import { type LineText, textsOfLine } from "../../src/text/line-texts.js";

const lineTexts = (line: string): readonly LineText[] => textsOfLine(line).texts;
const pairs = (value: unknown) => jsonTexts(value).map(({ text, path }) => [path(), text]);

test("gives every string with the names that lead to it, in order", () => {
  const line = { type: "user", n: 5, is: true, no: null, message: { content: [{ text: "a" }, "b", []] } };
  expect(pairs(line)).toEqual([
    ["type", "user"],
    ["message.content.0.text", "a"],
    ["message.content.1", "b"],
  ]);
});

test("goes into strings that are JSON, and keeps the string itself", () => {
  const inner = JSON.stringify({ command: ["ls"], deep: JSON.stringify({ x: "y" }) });
  expect(pairs({ arguments: inner, text: "{no json", list: "[1]" })).toEqual([
    ["arguments.command.0", "ls"],
    ["arguments.deep.x", "y"],
    ["arguments.deep", JSON.stringify({ x: "y" })],
    ["arguments", inner],
    ["text", "{no json"],
    ["list", "[1]"],
  ]);
});

test("names count that are no plain names", () => {
  expect(pairs({ "/src/main.ts": { mtime: "1" }, "Which one?": 2, tool_use_id: "t", "a-b": "c", "1": "d" })).toEqual([
    ["1", "1"],
    ["1", "d"],
    ["/src/main.ts", "/src/main.ts"],
    ["/src/main.ts.mtime", "1"],
    ["Which one?", "Which one?"],
    ["tool_use_id", "t"],
    ["a-b", "c"],
  ]);
});

test("JSON nested very deep is searched as it stands, and paths tell their last names only", () => {
  const said = 'x ]] "[';
  const nested = (depth: number): string => `${"[".repeat(depth)}${JSON.stringify(said)}${"]".repeat(depth)}`;
  expect(lineTexts(nested(1000)).map(({ text }) => text)).toEqual([said]);
  expect(lineTexts(nested(1001)).map(({ field }) => field())).toEqual([null, null]);
  expect(lineTexts(nested(900))[0]?.field()).toBe(`…${".0".repeat(32)}`);
  expect(lineTexts(nested(3_900_000))).toHaveLength(2);
});

test("a line that is no JSON object or array is its own text, as it stands and resolved", () => {
  expect(lineTexts('{"a":"b\\n').map(({ text }) => text)).toEqual(['{"a":"b\\n', '{"a":"b\n']);
  expect(lineTexts("42").map(({ text }) => text)).toEqual(["42"]);
  expect(lineTexts("plain").map(({ field }) => field())).toEqual([null]);
  expect(lineTexts('  {"a":"b"}\t').map(({ field }) => field())).toEqual(["a"]);
});

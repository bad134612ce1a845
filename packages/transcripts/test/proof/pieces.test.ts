import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/lines/parse-line.js";
import { pieces } from "../../src/lines/pieces.js";

const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });
const user = (content: string): string =>
  JSON.stringify({
    type: "user",
    sessionId: "s",
    timestamp: "2026-07-12T10:00:00Z",
    message: { role: "user", content },
  });
const ONE = user("WHOLE 1");
const TWO = user("WHOLE 2");
const NULS = "\0".repeat(6);

test("complete records are found, whatever is between them", () => {
  const between = fc.constantFrom("", " ", "\0\0", "\uFEFF", "\x1e", ",", ", ");
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), between, (values, gap) => {
      const texts = values.map((value) => JSON.stringify(value));
      expect(pieces(texts.join(gap)).map(({ value }) => value)).toEqual(texts.map((text) => JSON.parse(text)));
    }),
  );
});

test("only text between records is left out of a line", () => {
  const part = fc.oneof(
    record.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.constantFrom('{"a":', "{", "}"),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they may be between records.
  const solid = (text: string): string => text.replace(/[\s\0\x1e,]/g, "");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const line = parts.join("");
      expect(
        solid(
          pieces(line)
            .map(({ text }) => text)
            .join(""),
        ),
      ).toBe(solid(line));
    }),
    { numRuns: 2000 },
  );
});

describe("complete records on a line are shown as records", () => {
  test.each([
    ["whole + torn", ONE + TWO.slice(0, 70), "torn", 1],
    ["whole + whole + torn", ONE + TWO + ONE.slice(0, 60), "torn", 2],
    ["a tail + whole", ONE.slice(60) + TWO, "mixed", 1],
    ["zero bytes + whole", NULS + ONE, null, 1],
    ["torn + zero bytes + whole", ONE.slice(0, 90) + NULS + TWO, "torn", 1],
    ["whole + zero bytes + whole", ONE + NULS + TWO, "glued", 2],
    ["record separators", `\x1e${ONE}\x1e${TWO}`, "glued", 2],
    ["a mark in the middle", `\uFEFF${ONE}\uFEFF${TWO}`, "glued", 2],
    ["a comma between", `${ONE},${TWO}`, "glued", 2],
    ["a log's prefix", `2026-07-12 INFO ${ONE}`, "mixed", 1],
    ["a message of the shell at the end", `${ONE}Killed`, "mixed", 1],
  ])("%s", (_name, line, flaw, count) => {
    const parsed = parseLine(line, "claude-code");
    expect(parsed.flaw).toBe(flaw);
    const said = parsed.entries.filter(({ blocks }) =>
      /^WHOLE \d$/.test(blocks[0]?.type === "text" ? blocks[0].text : ""),
    );
    expect(said).toHaveLength(count);
  });
});

test("prose that quotes JSON stays in one piece", () => {
  const line = 'The answer was {"a":{"b":1}} and then {"c":2}';
  expect(pieces(line)).toEqual([{ text: line }]);
});

test.each([
  ["nesting", '{"a":'.repeat(50_000)],
  ["lists", '{"a":[{"b":1},'.repeat(20_000)],
  ["openings", '{"'.repeat(100_000)],
  ["quotes", '{"a":"'.repeat(50_000)],
  ["commas", ",".repeat(500_000)],
  ["white space", `{"a":${" ".repeat(500_000)}x`],
])("a hostile line takes no longer than a long one: %s", (_name, line) => {
  // Time of the processor: however busy the machine is, what takes quadratic time takes minutes of it.
  const before = process.cpuUsage();
  expect(parseLine(line, "codex").entries.length).toBeGreaterThan(0);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(10e6);
});

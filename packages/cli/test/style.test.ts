/** Colours by the conventions, and text that fits the terminal. */
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { UNMEANT } from "../src/output/hidden.js";
import { type ColorChoice, styleFor, usesColor } from "../src/output/style.js";
import { printableLines } from "../src/output/text.js";
import { columnsOf, cut, cutStart, isPlain, loadMeasure, wrap } from "../src/output/width.js";

const TERMINAL = { isTTY: true };

test.each<[boolean, object, Record<string, string>, ColorChoice | undefined]>([
  [true, TERMINAL, {}, undefined],
  [false, {}, {}, undefined],
  [false, TERMINAL, { TERM: "dumb" }, undefined],
  [false, TERMINAL, { CLICOLOR: "0" }, undefined],
  [true, TERMINAL, { CLICOLOR: "1", NO_COLOR: "" }, undefined],
  [false, TERMINAL, { NO_COLOR: "0" }, undefined],
  [true, {}, { FORCE_COLOR: "1" }, undefined],
  [true, {}, { FORCE_COLOR: "", TERM: "dumb" }, undefined],
  [false, TERMINAL, { FORCE_COLOR: "0" }, undefined],
  [true, {}, { CLICOLOR_FORCE: "1", CLICOLOR: "0", TERM: "dumb" }, undefined],
  [false, {}, { CLICOLOR_FORCE: "0" }, undefined],
  [false, TERMINAL, { NO_COLOR: "1", FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }, undefined],
  [true, {}, { NO_COLOR: "1", TERM: "dumb" }, "always"],
  [false, TERMINAL, { FORCE_COLOR: "1" }, "never"],
  [true, TERMINAL, {}, "auto"],
])("colours: %s on %j with %j and --color %s", (expected, stream, env, choice) => {
  expect(usesColor(stream, env, choice)).toBe(expected);
});

test("each line is styled alone, whatever the environment says, or not at all", () => {
  const [on, off] = [styleFor(true), styleFor(false)];
  expect(on("red", "a\n\nb")).toBe("\u001b[31ma\u001b[39m\n\n\u001b[31mb\u001b[39m");
  expect(on(["bold", "cyan"], "a")).toMatch(/^.\[1m.\[36ma.*m$/);
  expect(off("red", "a\nb")).toBe("a\nb");
});

test.each<[number, object, Record<string, string>]>([
  [80, {}, {}],
  [132, { columns: 132 }, {}],
  [60, { columns: 132 }, { COLUMNS: "60" }],
  [132, { columns: 132 }, { COLUMNS: "wide" }],
  [80, { columns: 0 }, { COLUMNS: "" }],
  [20, { columns: 3 }, {}],
])("%i columns for %j with %j", (expected, stream, env) => {
  expect(columnsOf(stream, env)).toBe(expected);
});

test("line ends stay, tabs become spaces, and nothing controls the terminal", () => {
  expect(printableLines("a\tb\r\n\u001b[31mred\u202e\n\tc\r")).toBe("a   b\n\\u{1b}[31mred\\u{202e}\n    c\\u{d}");
});

describe("text that is too wide", async () => {
  const measure = await loadMeasure();

  test.each([
    ["the quick brown fox", 10, ["the quick", "brown fox"]],
    ["- one two three", 9, ["- one two", "  three"]],
    ["  12. one two six", 13, ["  12. one two", "      six"]],
    ["> one two", 6, ["> one", "> two"]],
    ["- one  漢  two three", 9, ["- one  漢", "  two", "  three"]],
    ["- one  of  two three", 9, ["- one  of", "  two", "  three"]],
    ["漢 /a/very/long/path", 8, ["漢", "/a/very/", "long/pat", "h"]],
    ["see /a/very/long/path", 8, ["see", "/a/very/", "long/pat", "h"]],
    ["漢字漢字漢", 5, ["漢字", "漢字", "漢"]],
    ["ok 漢字漢字", 8, ["ok 漢字", "漢字"]],
    ["", 5, [""]],
  ])("%j is wrapped to %i columns", (line, columns, expected) => {
    expect(wrap(line, columns, measure)).toEqual(expected);
  });

  const anyText = fc.string({
    unit: fc.oneof(fc.constantFrom(" ", "  ", "漢", "é", "👩‍👩‍👧", "- "), fc.string({ minLength: 1, maxLength: 30 })),
  });

  test("wrapped, nothing is lost and everything fits", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 60 }), (line, columns) => {
        const lines = wrap(line, columns, measure);
        for (const one of lines) expect(stringWidth(one)).toBeLessThanOrEqual(columns);
        const words = (text: string): string => text.replaceAll(/[ >]/g, "");
        expect(words(lines.join(""))).toBe(words(line));
      }),
    );
  });

  test("plain text is wrapped as any other", () => {
    const plain = fc.array(fc.constantFrom("- ", "a", "word", "  ", " ", "a/long/path/to/a/file"), { maxLength: 40 });
    fc.assert(
      fc.property(plain, fc.integer({ min: 20, max: 60 }), (parts, columns) => {
        const line = parts.join("");
        // The same words with one that isn't plain, in a line of its own width.
        const marked = wrap(`é${line.slice(1)}`, columns, measure);
        const same = wrap(`e${line.slice(1)}`, columns, measure);
        expect(marked.map((one) => one.replace("é", "e"))).toEqual(same);
      }),
    );
  });

  test("cut, it fits, and says so", () => {
    expect(cut("漢字漢字", 6, measure)).toBe("漢字…");
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const short = cut(text, columns, measure);
        expect(stringWidth(short)).toBeLessThanOrEqual(columns);
        expect(short === text || (short.endsWith("…") && text.startsWith(short.slice(0, -1)))).toBe(true);
      }),
    );
  });

  test("cut at its start, it fits, and says so", () => {
    expect(cutStart("/home/漢字/漢字", 6, measure)).toBe("…/漢字");
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const short = cutStart(text, columns, measure);
        expect(stringWidth(short)).toBeLessThanOrEqual(columns);
        expect(short === text || (short.startsWith("…") && text.endsWith(short.slice(1)))).toBe(true);
      }),
    );
  });

  test("a word without an end is broken where the line ends", () => {
    const word = "漢a".repeat(50_000);
    expect(wrap(word, 80, measure).join("")).toBe(word);
  });
});

test("plain characters take one column each, and hide nothing", () => {
  let plain = 0;
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit);
    if (!isPlain(character)) continue;
    plain++;
    const shown = character.replace(UNMEANT, (match, hidden?: string) => (hidden === undefined ? match : "hidden"));
    expect([unit, stringWidth(character), shown]).toEqual([unit, 1, character]);
  }
  expect(plain).toBeGreaterThan(900);
  expect(isPlain("Größe … “Привет” Ω")).toBe(true);
});

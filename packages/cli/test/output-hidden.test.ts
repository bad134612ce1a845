/** What of a text a terminal may be given: nothing that it would obey or hide, and all that a person wants to see. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonText, printable, printableOutput } from "../src/output/text.js";
import { assertHarmless } from "./support/harmless.js";

const PLAIN = { isTerminal: false, isColored: false };
const isHarmless = (text: string): void => assertHarmless(Buffer.from(text), JSON.stringify(text), PLAIN);

describe("shown as it is", () => {
  test.each([
    ["a family, joined by U+200D", "👨‍👩‍👧‍👦"],
    ["skin tones and professions", "👩🏽‍🚀 🧑🏿‍🤝‍🧑🏻"],
    ["hearts, with U+FE0F and without", "❤️ ❤️‍🔥 ❤ ☎︎"],
    ["a flag of two emoji, with and without U+FE0F", "🏳️‍🌈 🏳‍🌈"],
    ["keycaps", "1️⃣ #️⃣"],
    ["flags", "🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["Persian, parted by U+200C", "می‌خواهم"],
    ["Malayalam and Sinhala, joined", "ന്‍ ශ්‍රී"],
    ["other scripts", "-Users-me/ü 漢字 עברית العربية हिन्दी"],
    ["what has a width, though nothing is to be seen", "a\u00a0b\u3000c\u2800"],
  ])("%s", (_, text) => {
    expect(printable(text)).toBe(text);
    isHarmless(text.replaceAll(/☎︎|🏳‍🌈/gu, ""));
  });

  test("every sequence that Unicode recommends", () => {
    const people = fc.constantFrom("👩", "👨", "🧑", "👩🏻", "🧑🏿", "👦", "👧", "🏃‍♀️", "🕵️", "🐦", "❤️", "🏳️", "👁️", "🙂");
    const others = fc.constantFrom(
      "👩",
      "👨",
      "🧑",
      "🧑🏻",
      "👦",
      "❤️",
      "💋",
      "🚀",
      "⚕️",
      "♀️",
      "♂️",
      "🤝",
      "🔥",
      "🌈",
      "🗨️",
      "⬛",
      "↔️",
    );
    let found = 0;
    fc.assert(
      fc.property(people, fc.array(others, { minLength: 1, maxLength: 3 }), (first, more) => {
        const text = [first, ...more].join("\u200d");
        if (!/^\p{RGI_Emoji}$/v.test(text)) return;
        found++;
        expect(printable(text)).toBe(text);
      }),
      { numRuns: 20_000, seed: 7 },
    );
    expect(found).toBeGreaterThan(500);
  });
});

describe("shown as an escape", () => {
  test.each([
    ["control characters", "a\n\t\r\0\u0007\u007f", "a\\u{a}\\u{9}\\u{d}\\u{0}\\u{7}\\u{7f}"],
    [
      "colours, links and C1",
      "\u001b[31m\u001b]8;;x\u0007\u009b2J\u0090q",
      "\\u{1b}[31m\\u{1b}]8;;x\\u{7}\\u{9b}2J\\u{90}q",
    ],
    ["overrides and isolates", "\u202eb\u2066c\u2069\u061c\u200f", "\\u{202e}b\\u{2066}c\\u{2069}\\u{61c}\\u{200f}"],
    ["characters without a width", "a\u200bb\u2060\ufeff\u00ad\u034f", "a\\u{200b}b\\u{2060}\\u{feff}\\u{ad}\\u{34f}"],
    ["line and paragraph separators", "\u2028\u2029", "\\u{2028}\\u{2029}"],
    ["tags without a flag", "\u{e0041}\u{e007f}", "\\u{e0041}\\u{e007f}"],
    ["tags behind a flag that are no country's", "🏴\u{e0061}\u{e007f}", "🏴\\u{e0061}\\u{e007f}"],
    ["fillers", "\u115f\u1160\u3164\uffa0", "\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}"],
    ["notes between lines", "\ufff9a\ufffab\ufffb", "\\u{fff9}a\\u{fffa}b\\u{fffb}"],
    [
      "joiners and selectors where nothing is joined",
      "a\u200db 1\ufe0f x\u{e0101} ❤\ufe0f\ufe0f",
      "a\\u{200d}b 1\\u{fe0f} x\\u{e0101} ❤\ufe0f\\u{fe0f}",
    ],
    ["a joiner before and after emoji", "\u200d🚀\u200d", "\\u{200d}🚀\\u{200d}"],
    ["two joiners in a word of Persian", "می\u200c\u200cخ", "می\\u{200c}\\u{200c}خ"],
    ["a joiner behind a selector", "م\ufe0f\u200cم", "م\\u{fe0f}\\u{200c}م"],
    ["halves of a character", "a\ud83db\udc00", "a\\u{d83d}b\\u{dc00}"],
    ["noncharacters", "\uffff\ufdd0\u{1fffe}", "\\u{ffff}\\u{fdd0}\\u{1fffe}"],
  ])("%s", (_, text, shown) => expect(printable(text)).toBe(shown));
});

const ESCAPE = "\u001b";
const PIECES = ["👩", "❤", "🏴", "1", "م", "م्", "[m", ESCAPE, "\u200c", "\u200d", "\ufe0f", "\u{e0061}", "\u{e007f}"];
const ANY = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x2fff }), fc.integer({ min: 0xd800, max: 0x10ffff })))
    .map((codes) => String.fromCodePoint(...codes)),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join("")),
);

describe("of any text", () => {
  test("the output is harmless, on one line, and the same if it is printed again", () => {
    fc.assert(
      fc.property(ANY, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\n\t]/);
        expect(printable(shown)).toBe(shown);
        // Beyond Unicode's lists lie only emoji that the grammar allows, of which nothing is hidden but a joiner.
        isHarmless(shown.replaceAll(/(?<=\p{Emoji}[\ufe0e\ufe0f]?)[\u200d\ufe0e\ufe0f]/gu, ""));
      }),
      { numRuns: 2000 },
    );
  });

  test("JSON shows nothing hidden at all, and means the text", () => {
    fc.assert(
      fc.property(ANY, (text) => {
        const json = jsonText({ [text]: text });
        isHarmless(json);
        expect(json).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
      { numRuns: 1000 },
    );
  });

  test("the net lets lines, tabs and colours through, and nothing else", () => {
    const red = "a\tb\n\u001b[1;31mred\u001b[0m\n";
    expect(printableOutput(red, true)).toBe(red);
    expect(printableOutput(red)).toBe("a\tb\n\\u{1b}[1;31mred\\u{1b}[0m\n");
    expect(printableOutput("a\r\n\u001b[2J\u001b]8;;x\u0007", true)).toBe("a\\u{d}\n\\u{1b}[2J\\u{1b}]8;;x\\u{7}");
    fc.assert(
      fc.property(ANY, (text) => {
        const shown = printableOutput(text.replaceAll(ESCAPE, "\u009b"));
        isHarmless(shown.replaceAll(/(?<=\p{Emoji}[\ufe0e\ufe0f]?)[\u200d\ufe0e\ufe0f]/gu, ""));
      }),
    );
  });
});

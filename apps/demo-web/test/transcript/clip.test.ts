import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clip, countLines, STEP_CHARS } from "../../src/transcript/clip.ts";

const LIMITS = { lines: 20, chars: 4000 };
const long = fc.oneof(
  fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 200 }).map((lines) => lines.join("\n")),
  fc
    .tuple(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), fc.nat(30_000))
    .map(([part, times]) => part.repeat(times)),
);

describe("clip", () => {
  test("shows a beginning, and says how much is left", () => {
    fc.assert(
      fc.property(long, fc.nat(3), (text, steps) => {
        const { shown, hidden } = clip(text, LIMITS, steps * STEP_CHARS);
        expect(text.startsWith(shown)).toBe(true);
        expect(shown.length + hidden).toBe(text.length);
      }),
    );
  });

  test("keeps within the limits, except for a rest that takes no more room than a button", () => {
    fc.assert(
      fc.property(long, (text) => {
        const { shown } = clip(text, LIMITS);
        expect(shown.length).toBeLessThanOrEqual(LIMITS.chars + 400 + 4);
        expect(countLines(shown.trimEnd())).toBeLessThanOrEqual(LIMITS.lines + 4);
      }),
      { examples: [["\v".repeat(6000)], ["\n".repeat(6000)]] },
    );
  });

  test("never cuts a character in two", () => {
    const text = "😀".repeat(10_000);
    for (const extra of [0, STEP_CHARS / 8 + 1, 12_345]) {
      const { shown } = clip(`x${text}`, LIMITS, extra);
      expect(shown.isWellFormed(), String(extra)).toBe(true);
    }
  });

  test("asking for more comes to an end", () => {
    const text = "word ".repeat(100_000);
    let extra = 0;
    let asked = 0;
    for (let { shown, hidden } = clip(text, LIMITS); hidden > 0; { shown, hidden } = clip(text, LIMITS, extra)) {
      extra = Math.max(extra, shown.length) + STEP_CHARS;
      asked++;
    }
    expect(asked).toBe(Math.ceil((text.length - LIMITS.chars) / STEP_CHARS));
  });

  test("a text a little too long is shown whole", () => {
    expect(clip("line\n".repeat(23), LIMITS).hidden).toBe(0);
    expect(clip("line\n".repeat(40), LIMITS).hidden).toBeGreaterThan(0);
  });
});

test.each([
  ["", 1],
  ["one", 1],
  ["one\n", 1],
  ["one\ntwo", 2],
  ["one\n\n", 2],
])("%j has %d lines", (text, lines) => expect(countLines(text)).toBe(lines));

import fc from "fast-check";
import { expect, test } from "vitest";
import { requiredTexts } from "../../src/query/required-text.js";
import { runs } from "../fuzz.js";

test.each([
  ["timeout", ["timeout"]],
  ["time.out", ["time", "out"]],
  ["colou?r", ["colo", "r"]],
  ["ab+c", ["ab", "c"]],
  ["ab*c", ["a", "c"]],
  ["ab{2}c", ["a", "c"]],
  ["a{b", ["a", "b"]],
  ["x(?:abc)?def", ["x", "def"]],
  ["(abc)def", ["def"]],
  ["one|two", []],
  ["(one|two) three", [" three"]],
  ["\\bword\\b", ["word"]],
  ["\\u0041bc", ["bc"]],
  ["\\u{1F600}bc", ["bc"]],
  ["\\x41bc", ["bc"]],
  ["\\p{Lu}bc", ["bc"]],
  ["a\\.b", ["a.b"]],
  ["[abc]d", ["d"]],
  ["[\\]x]d", ["d"]],
  ["(a)\\1b", ["b"]],
  ["(?<n>a)\\k<n>b", []],
  ["ab+?c", ["ab", "c"]],
  ["(?=abc)d", ["d"]],
  ["😀*x", ["x"]],
  ["a😀+x", ["a😀", "x"]],
])("%s requires %j", (source, texts) => {
  expect(requiredTexts(source)).toEqual(texts);
});

/** Pieces of patterns, right and wrong ones. */
const PIECES = [
  ...["a", "b", "ab", "s", "K", "é", "😀", " ", "-", "=", ",", "{", "}", "]", "/"],
  ...["*", "+", "?", "{2}", "{1,}", "{0,1}", "*?", "+?", "|", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>"],
  ...[
    "[ab]",
    "[^a]",
    "[\\]a]",
    "[",
    "^",
    "$",
    ".",
    "\\",
    "\\b",
    "\\d",
    "\\w",
    "\\s",
    "\\n",
    "\\.",
    "\\/",
    "\\(",
    "\\{",
  ],
  ...["\\u0061", "\\u{61}", "\\u", "\\x61", "\\x", "\\cA", "\\c", "\\1", "\\k<n>", "\\p{L}", "\\pL", "\\0"],
];
const source = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join(""));
const text = fc.string({
  unit: fc.constantFrom("a", "b", "s", "K", "k", "é", "u", "6", "1", "{", "}", "]", "\\", "/", " "),
  maxLength: 12,
});

test("whatever a pattern matches holds what it requires", () => {
  let matched = 0;
  fc.assert(
    fc.property(
      source,
      fc.array(text, { minLength: 8, maxLength: 8 }),
      fc.constantFrom("", "u"),
      (pattern, texts, flags) => {
        let regex: RegExp;
        try {
          regex = new RegExp(pattern, flags);
        } catch {
          return;
        }
        const required = requiredTexts(pattern);
        for (const each of texts) {
          const found = regex.exec(each)?.[0];
          if (found === undefined) continue;
          if (required.length > 0) matched++;
          for (const one of required) expect(found, `${pattern} in ${each}`).toContain(one);
        }
      },
    ),
    runs(20_000),
  );
  expect(matched).toBeGreaterThan(100);
});

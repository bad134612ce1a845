/** The raw filter never fails a line whose text holds the term, however that is escaped. */
import { seeded } from "@session-archiver/test-kit/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Term } from "../../src/index.js";
import { matcherFor } from "../../src/query/matcher.js";
import { rawFilterFor } from "../../src/scan/raw-filter.js";
import { rawText } from "../../src/scan/raw-text.js";
import { textsOfLine } from "../../src/text/line-texts.js";
import { runs } from "../fuzz.js";
import { reEscaped } from "../oracle/re-escape.js";

const letters = fc.constantFrom(..."abuskKSU0159fF/\\\"'-_ .{}[]:,éÉſK😀ßµ\n\t\u0000\u007f\u0085\ufffd");
const word = fc.string({ unit: letters, minLength: 1, maxLength: 8 });
const literal = fc.record({ kind: fc.constant("literal" as const), text: word });
const regex = word.map((text) => ({ kind: "regex" as const, source: text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") }));
const around = fc.string({ unit: letters, maxLength: 6 });

/** Some text around the term in another case, in JSON, in JSON within JSON, and so on. */
function nested(text: string, depth: number): unknown {
  return depth === 0 ? { note: text } : { arguments: JSON.stringify(nested(text, depth - 1)) };
}

function cased(text: string, how: number): string {
  return how === 0 ? text : how === 1 ? text.toUpperCase() : text.toLowerCase();
}

function check(term: Term, ignoreCase: boolean, bytes: Uint8Array): boolean {
  const { texts } = textsOfLine(new TextDecoder().decode(bytes));
  const find = matcherFor(term, { ignoreCase, wholeWords: false });
  if (!texts.some(({ text }) => find(text))) return false;
  const filter = rawFilterFor(term, ignoreCase);
  if (!filter) return true;
  filter.regex.lastIndex = 0;
  expect(
    filter.regex.test(rawText(bytes)),
    JSON.stringify({ term, ignoreCase, line: Buffer.from(bytes).toString() }),
  ).toBe(true);
  return true;
}

describe("a line that holds the term passes", () => {
  test("escaped at random, also within JSON that is a string", () => {
    let found = 0;
    const input = [fc.oneof(literal, regex), around, around, fc.nat(3), fc.nat(2), fc.boolean(), fc.nat(1e9)] as const;
    fc.assert(
      fc.property(...input, (term, before, after, depth, how, ignoreCase, seed) => {
        const text = term.kind === "literal" ? term.text : term.source.replace(/\\([\s\S])/g, "$1");
        const line = JSON.stringify(nested(before + cased(text, how) + after, depth));
        if (check(term, ignoreCase, reEscaped(Buffer.from(line), seeded(seed)))) found++;
      }),
      runs(5000),
    );
    expect(found).toBeGreaterThan(500);
  });

  test("in lines of any bytes", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      around.map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(
        fc.oneof(literal, regex),
        fc.array(bytes, { maxLength: 4 }),
        fc.boolean(),
        (term, parts, ignoreCase) => {
          const own = new TextEncoder().encode(term.kind === "literal" ? term.text : "");
          check(term, ignoreCase, Buffer.concat(parts.flatMap((part) => [part, own])));
        },
      ),
      runs(5000),
    );
  });
});

test("lines without the term and without its escapes don't pass", () => {
  const filter = rawFilterFor({ kind: "literal", text: "timeout" }, true);
  const lines = ['{"a":"the time is out"}', '{"a":"\\u001b[0m \\u003cb\\u003e \\n"}', "éàü"];
  for (const line of lines) {
    const text = rawText(new TextEncoder().encode(line));
    if (filter) filter.regex.lastIndex = 0;
    expect(filter?.regex.test(text), line).toBe(false);
  }
});

test("of terms beyond ASCII, the bytes are looked for only if case counts", () => {
  const passes = (text: string, ignoreCase: boolean, line: string): boolean | undefined => {
    const regex = rawFilterFor({ kind: "literal", text }, ignoreCase)?.regex;
    return regex?.test(rawText(new TextEncoder().encode(line)));
  };
  expect(passes("éàü", false, "un hiver à la mer")).toBe(false);
  expect(passes("éàü", true, "un hiver à la mer")).toBe(true);
  expect(passes("éàü", true, "a winter by the sea")).toBe(false);
  expect(passes("éàü", false, "\\u00E9\\u00e0ü")).toBe(true);
});

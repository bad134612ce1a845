/** Lines: how they are counted, and the time that one has. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { countLines, lineCounter, timestampOf } from "../src/format.js";
import { firstTimestamp } from "../src/jsonl.js";
import { encode, NOW } from "./support.js";

const text = fc
  .string({ unit: fc.constantFrom("a", "\n", " ", "{}", "é", "x".repeat(50)), maxLength: 400 })
  .map(encode);

test("lineCounter counts alike however the bytes are cut", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (bytes, chunk) => {
      const counter = lineCounter();
      for (let at = 0; at < bytes.length; at += chunk) counter.add(bytes.subarray(at, at + chunk));
      const lines = new TextDecoder().decode(bytes).split("\n");
      expect(counter.lines).toBe(lines.filter((line) => line.trim() !== "").length);
      expect(counter.newlines).toBe(lines.length - 1);
      expect(counter.openLine).toBe(lines.at(-1)?.trim() !== "");
    }),
  );
});

test.each([
  ["", 0],
  ["line1\n", 1],
  ["line1\nline2\n", 2],
  [" \n\nline3\n", 1],
  ["no end", 1],
  ["\r\n\t\u00a0\u3000\n", 0],
  ["\ufeff\n", 1],
])("countLines(%j) is %i", (text, lines) => {
  expect(countLines(text)).toBe(lines);
});

test("countLines tolerates invalid UTF-8", () => {
  expect(countLines(Uint8Array.of(0xff, 10, 0xc2, 10, 32, 0xe2, 0x80))).toBe(3);
});

test("a byte order mark before a line is skipped", () => {
  const line = `\ufeff{"timestamp":${NOW / 1000}}`;
  expect(timestampOf(line)).toBe(NOW);
  expect(firstTimestamp(encode(`${line}\n{"timestamp":${NOW + 1}}\n`))).toBe(NOW);
});

test("a line's time is the first of its segment's, where it is one", () => {
  const lines = [
    '{"timestamp":"step 3"}',
    '{"timestamp":5}',
    `{"timestamp":"${NOW / 1000}.25"}`,
    `{"timestamp":${NOW}}`,
  ];
  expect(firstTimestamp(encode(lines.join("\n")))).toBe(NOW + 250);
});

test("a time is found in a line's bytes as in its text, whatever else they are", () => {
  const mark = Uint8Array.of(0xef, 0xbb, 0xbf);
  const piece = fc.oneof(
    fc
      .constantFrom(
        '{"timestamp":',
        '"timestamp":',
        `${NOW}`,
        `"${new Date(NOW).toISOString()}"`,
        '"a":',
        '"é',
        '"',
        ",",
        "}",
        "{",
        " ",
      )
      .map(encode),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => bytes.filter((byte) => byte !== 10)),
    fc.constant(mark),
  );
  const line = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => new Uint8Array(Buffer.concat(pieces))),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.array(piece, { maxLength: 3 })).map(([marks, pieces]) => {
      const text = encode(`{"content":"`);
      const end = encode(`","timestamp":${NOW}}`);
      return new Uint8Array(Buffer.concat([...Array(marks).fill(mark), text, ...pieces, end]));
    }),
  );
  fc.assert(
    fc.property(line, (bytes) => {
      expect(firstTimestamp(bytes)).toBe(timestampOf(new TextDecoder().decode(bytes)));
    }),
    { numRuns: 2000 },
  );
});

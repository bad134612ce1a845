/** Lines are found whatever blocks they come in. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/query/compile.js";
import { type Candidate, lineScanner } from "../../src/scan/line-scanner.js";
import { LONGEST_HELD } from "../../src/scan/long-line.js";
import { runs } from "../fuzz.js";

const query = (...texts: string[]) =>
  compile({ terms: texts.map((text) => ({ kind: "literal", text })) }, { matchCase: "exact" });
const ANY = compile({ terms: [{ kind: "regex", source: "^" }] }, {});

function found(blocks: readonly Uint8Array[], terms = query("xy")): { candidates: Candidate[]; longLines: number } {
  const scanner = lineScanner(terms, 40);
  const copied = (candidate: Candidate): Candidate =>
    candidate.kind === "line" ? { ...candidate, bytes: new Uint8Array(candidate.bytes) } : candidate;
  const candidates = [
    ...blocks.flatMap((block) => {
      const own = new Uint8Array(block);
      const those = [...scanner.add(own)].map(copied);
      own.fill(0x78); // what a producer may do with its block afterwards
      return those;
    }),
    ...[...scanner.end()].map(copied),
  ];
  return { candidates, longLines: scanner.longLines };
}

const shown = ({ candidates }: ReturnType<typeof found>) =>
  candidates.map((it) => [it.line, it.kind === "line" ? Buffer.from(it.bytes).toString("latin1") : it.snippet.text]);

const piece = fc.oneof(
  fc.constantFrom("xy", "x", "y", "\n", "\r\n", "\n\n", "\0", "\ufeff", "é", "\\u0078", '"', "{", "long ".repeat(20)),
  fc.string({ unit: "grapheme", maxLength: 5 }),
);

describe("a file of lines", () => {
  test("cut anywhere gives its lines with their numbers, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(400), { maxLength: 6 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(""));
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const blocks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        const lines = bytes.toString("latin1").split("\n");
        if (lines.at(-1) === "") lines.pop();
        const all = lines.map((line, i) => [i + 1, line]);
        expect(shown(found(blocks, ANY))).toEqual(all);
        const hiding = /xy|\\u0078/;
        expect(shown(found(blocks))).toEqual(all.filter(([, line]) => hiding.test(String(line))));
      }),
      runs(1000),
    );
  });

  test("longer than a piece is counted right", () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i % 500 === 499 ? "xy" : "--"} ${"z".repeat(i % 97)}`);
    lines[2000] = "z".repeat(200_000);
    const hits = lines.flatMap((line, i) => (line.startsWith("xy") ? [[i + 1, line]] : []));
    expect(shown(found([Buffer.from(lines.join("\n"))]))).toEqual(hits);
  });

  test("all terms have to be in one line", () => {
    const blocks = [Buffer.from("xy\nab\nab xy\nxy "), Buffer.from("ab\n")];
    expect(shown(found(blocks, query("xy", "ab")))).toEqual([
      [3, "ab xy"],
      [4, "xy ab"],
    ]);
  });
});

describe("a line that is too long to be held", () => {
  const filler = Buffer.alloc(LONGEST_HELD / 2, "-");
  const long = [
    Buffer.from("first xy\n"),
    filler,
    Buffer.from(" here xy is "),
    filler,
    filler,
    Buffer.from("\nlast xy"),
  ];

  test("is searched in windows, and lines around it keep their numbers", () => {
    const result = found(long);
    expect(result.longLines).toBe(1);
    expect(result.candidates.map(({ kind, line }) => [kind, line])).toEqual([
      ["line", 1],
      ["long", 2],
      ["line", 3],
    ]);
    expect(shown(result)[1]?.[1]).toContain("here xy is");
  });

  test("is the same in one block", () => {
    expect(shown(found([Buffer.concat(long)]))).toEqual(shown(found(long)));
  });

  test("as long as may be held, it is held", () => {
    const line = Buffer.concat([Buffer.from("xy"), Buffer.alloc(LONGEST_HELD - 2, "-")]);
    expect(found([line]).longLines).toBe(0);
    expect(found([line, Buffer.from("-")]).longLines).toBe(1);
  });
});

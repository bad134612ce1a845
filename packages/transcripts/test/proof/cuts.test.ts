/** A record that breaks off at any place, followed by complete ones on the same line. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import { identify } from "../../src/identify.js";
import { asObject, parseJson } from "../../src/json.js";
import { parseLine } from "../../src/lines/parse-line.js";
import { RECORDS } from "../support/records.js";

/** Texts in a record that look like structure. */
const WORDS = [
  'says something, with "quotes" and {braces}',
  '{"type":"user","message":{"role":"user","content":"in a string"}}',
  "back\\slash \u001b[0m, ünï 😀, [1,2], end\\",
];

describe.each(RECORDS)("$name", ({ kind, make }) => {
  test.each(WORDS)("cut anywhere, the next record is shown as if it were alone: %j", (words) => {
    const first = make(`FIRST ${words}`);
    const second = make(`SECOND ${words}`);
    const { entries: expected } = parseLine(second, kind);
    for (let cut = 1; cut < first.length; cut++) {
      const { entries, flaw } = parseLine(first.slice(0, cut) + second, kind);
      expect(entries.slice(-expected.length), `cut at ${cut}: ${first.slice(0, cut)}`).toEqual(expected);
      expect(entries.length, `cut at ${cut}: ${first.slice(0, cut)}`).toBe(expected.length + 1);
      expect(flaw).toBe("torn");
    }
  });

  test("so are two records after it, and one before", () => {
    const [first, second, third] = [make("FIRST"), make("SECOND"), make("THIRD")];
    const expected = [second, third].flatMap((line) => parseLine(line, kind).entries);
    for (let cut = 1; cut < first.length; cut++) {
      const torn = first.slice(0, cut);
      expect(parseLine(torn + second + third, kind).entries.slice(1), torn).toEqual(expected);
      const { entries } = parseLine(second + torn + third, kind);
      expect([entries[0], ...entries.slice(2)], torn).toEqual(expected);
    }
  });

  test("a record that breaks off at the end of the line is not split", () => {
    const whole = make("FIRST");
    const { entries } = parseLine(whole, kind);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(parseLine(whole.slice(0, cut), kind).entries, whole.slice(0, cut)).toHaveLength(entries.length);
    }
    for (let cut = whole.length - 3; cut < whole.length; cut++) {
      expect(JSON.stringify(parseLine(whole.slice(0, cut), kind).entries)).toContain("FIRST");
    }
  });

  test("two records that break off are shown as two", () => {
    const [first, second] = [make("FIRST"), make("SECOND says more")];
    const torn = second.slice(0, second.indexOf("says") + 4);
    const shown = parseLine(torn, kind).entries;
    for (let cut = 12; cut < first.length; cut++) {
      const { entries } = parseLine(first.slice(0, cut) + torn, kind);
      expect(JSON.stringify(entries), first.slice(0, cut)).toContain("SECOND says");
      if (entries.length > shown.length) expect(entries.slice(-shown.length)).toEqual(shown);
    }
  });
});

describe("where only a text can follow, any object is another record", () => {
  const torn = [
    '{"type":"user","parentUuid":',
    '{"type": "user", "uuid": "u", "sessionId": ',
    '{"type":"thread.started","thread_id":',
    '{"timestamp":"2026-07-12T10:00:00Z","type":"response_item","payload":{"type":"message","role":',
  ];
  test.each(torn)("%s", (head) => {
    for (const next of ['{"silly":"this"}', '{"type":"turn.started","turn_id":"t"}']) {
      expect(parseLine(head + next, "other").entries.slice(1), next).toEqual(parseLine(next, "other").entries);
    }
  });
  test("but not where an object can follow", () => {
    for (const head of ['{"role":"user","content":', '{"type":"user","message":{"role":"user","content":[']) {
      expect(parseLine(`${head}{"silly":"this"}`, "other").entries, head).toHaveLength(1);
    }
  });
});

describe.skipIf(!hasCorpus)(hasCorpus ? "the corpus" : NO_CORPUS, () => {
  const isRecord = (line: string): boolean => asObject(parseJson(line)) !== null && line.length < 20_000;

  test("a line that breaks off hides nothing of the next one, and alone is not split", async () => {
    let [cuts, hidden, apart] = [0, 0, 0];
    for (const path of await corpusFiles()) {
      const lines = (await readFile(join(CORPUS, path), "utf8")).split("\n");
      const { kind } = identify(lines);
      const records = lines.filter(isRecord).slice(0, 40);
      for (const [i, line] of records.entries()) {
        const next = records[i + 1] ?? line;
        const expected = parseLine(next, kind).entries;
        for (let cut = 1 + ((i * 7) % 37); cut < line.length; cut += 1 + Math.ceil(line.length / 12)) {
          const { entries } = parseLine(line.slice(0, cut) + next, kind);
          cuts++;
          if (JSON.stringify(entries.slice(-expected.length)) !== JSON.stringify(expected)) hidden++;
          if (parseLine(line.slice(0, cut), kind).entries.length > parseLine(line, kind).entries.length) apart++;
        }
      }
    }
    expect(cuts).toBeGreaterThan(10_000);
    // After a cut where an object can follow, a record of unknown shape looks like a part of the first record.
    expect(hidden / cuts).toBeLessThan(0.0001);
    expect(apart / cuts).toBeLessThan(0.0001);
  });
});

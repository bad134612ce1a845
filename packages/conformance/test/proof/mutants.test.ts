/**
 * Proof that the suite finds defects: each mutant fails the cases it names, and some mutant fails each case. The
 * ports that they are made from pass all cases: see `memory.test.ts`; so does what the foreign ones are made from, in the tests of
 * agent-folders.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Case, type CaseResult, cases, FEATURES, runAll } from "../../src/index.js";
import { checkOffers } from "../../src/subject.js";
import { mutants } from "../mutants/index.js";
import { mutantsPage } from "../mutants-page.js";

const byName = new Map(cases.map((testCase) => [testCase.name, testCase]));

function named(names: readonly string[]): Case[] {
  return names.map((name) => {
    const testCase = byName.get(name);
    if (!testCase) throw new Error(`There is no case "${name}".`);
    return testCase;
  });
}

async function outcomes(results: AsyncIterable<CaseResult>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, outcome } of results) found[name] = outcome;
  return found;
}

describe("each mutant is caught", () => {
  for (const { defect, caughtBy, offers = FEATURES, make } of mutants) {
    test(defect, async () => {
      // Otherwise it would fail every case, whatever its defect.
      checkOffers(make(), offers);
      const options = { offers, cases: named(caughtBy), timeoutMs: 30_000 };
      const expected = Object.fromEntries(caughtBy.map((name) => [name, "failed"]));
      expect(await outcomes(runAll(async () => make(), options))).toEqual(expected);
      expect(caughtBy).not.toEqual([]);
    });
  }
});

test("some mutant fails each case", () => {
  const catching = new Set(mutants.flatMap(({ caughtBy }) => caughtBy));
  expect(cases.map(({ name }) => name).filter((name) => !catching.has(name))).toEqual([]);
});

test("no two cases and no two mutants have the same name", () => {
  expect(byName.size).toBe(cases.length);
  expect(new Set(mutants.map(({ defect }) => defect)).size).toBe(mutants.length);
});

test("MUTANTS.md is up to date (after a change: run Vitest with --update)", async () => {
  await expect(mutantsPage(mutants, cases.length)).toMatchFileSnapshot("../../MUTANTS.md");
});

test("the README names every concern", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const concerns = [...new Set(cases.map(({ concern }) => concern))];
  expect(concerns.filter((concern) => !readme.includes(`**${concern}**`))).toEqual([]);
});

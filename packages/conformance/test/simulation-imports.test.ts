/**
 * Core under the simulation of imports: a source that grows and is rewritten, importers, and everybody else on its session. That
 * it finds what it is to find is shown on mutants of core. The law stands in SIMULATION-IMPORTS.md.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION-IMPORTS.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { describeImportsFailure, simulateImports } from "../src/simulation/index.js";
import { importsMutants } from "./simulation/mutants-imports.js";
import { catchMutants, runImportsSchedules } from "./simulation/processes.js";
import { importsPage, knownSeeds } from "./simulation/simulation-page.js";

const SCHEDULES = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? 10_000);
const FIRST = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);
const REPLAY = "npx vitest run --config vitest.workspace.ts --project conformance simulation-imports.test.ts";

const SEARCH = process.env["SESSION_ARCHIVER_SEARCH"] === "1";

/** Schedules after which a mutant counts as not found. */
const MOST = 20_000;
const HOURS = 3_600_000;

test(`imports lose nothing in ${SCHEDULES} schedules from seed ${FIRST}`, { timeout: 24 * HOURS }, async () => {
  const half = Math.ceil(SCHEDULES / 2);
  const jobs = [
    { seed: FIRST, schedules: half },
    { seed: FIRST + half, schedules: SCHEDULES - half },
  ];
  const results = await Promise.all(jobs.map(runImportsSchedules));
  for (const { failure } of results) {
    if (!failure) continue;
    const replay = `SESSION_ARCHIVER_SEED=${failure.seed} SESSION_ARCHIVER_SCHEDULES=1 ${REPLAY}`;
    throw new Error(`${describeImportsFailure(failure)}\nto see it again: ${replay}`);
  }
  expect(results.reduce((sum, { schedules }) => sum + schedules, 0)).toBe(SCHEDULES);
  // As little as this each, and nothing would have happened.
  expect(results.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(50 * SCHEDULES);
});

describe("a weakened rule of imports", () => {
  test("is found, whichever it is (SIMULATION-IMPORTS.md; after a change of core: run Vitest with --update)", {
    timeout: HOURS,
  }, async () => {
    const page = await readFile(new URL("../SIMULATION-IMPORTS.md", import.meta.url), "utf8").catch(() => "");
    const known = SEARCH ? new Map<string, number>() : knownSeeds(page);
    const mutants = importsMutants.map(({ name }) => ({ name, seed: known.get(name) ?? 1 }));
    const halves = [0, 1].map((rest) => mutants.filter((_, i) => i % 2 === rest));
    const jobs = halves.map((half) => catchMutants({ kind: "imports", mutants: half, most: MOST }));
    const found = (await Promise.all(jobs)).flat();
    expect(found.filter(({ schedules }) => schedules === null).map(({ name }) => name)).toEqual([]);
    const byName = new Map(found.map((each) => [each.name, each]));
    await expect(importsPage(importsMutants, byName)).toMatchFileSnapshot("../SIMULATION-IMPORTS.md");
  });

  test("has a name of its own", () => {
    expect(new Set(importsMutants.map(({ name }) => name)).size).toBe(importsMutants.length);
  });
});

test("the same seed is the same schedule of imports", async () => {
  const twice = [await simulateImports({ seed: 7, schedules: 50 }), await simulateImports({ seed: 7, schedules: 50 })];
  expect(twice[1]).toEqual(twice[0]);
  expect(twice[0]?.failure).toBeUndefined();
});

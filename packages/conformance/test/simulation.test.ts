/**
 * Core under simulation: many schedules of archivers, restorers, pruners, collectors, readers and one writer on one session,
 * with crashes, faults and clocks that jump. That it finds what it is to find is shown on mutants of core.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { describeFailure, simulate } from "../src/simulation/index.js";
import { coreMutants } from "./simulation/core-mutants.js";
import { catchMutants, runSchedules } from "./simulation/processes.js";
import { knownSeeds, simulationPage } from "./simulation/simulation-page.js";

const SCHEDULES = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? 100_000);
const FIRST = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);
const REPLAY = "npx vitest run --config vitest.workspace.ts --project conformance simulation.test.ts";

const SEARCH = process.env["SESSION_ARCHIVER_SEARCH"] === "1";

/** Schedules after which a mutant counts as not found. */
const MOST = 50_000;
const HOURS = 3_600_000;

test(`core loses nothing in ${SCHEDULES} schedules from seed ${FIRST}`, { timeout: 24 * HOURS }, async () => {
  const half = Math.ceil(SCHEDULES / 2);
  const jobs = [
    { seed: FIRST, schedules: half },
    { seed: FIRST + half, schedules: SCHEDULES - half },
  ];
  const results = await Promise.all(jobs.map(runSchedules));
  for (const { failure } of results) {
    if (!failure) continue;
    const replay = `SESSION_ARCHIVER_SEED=${failure.seed} SESSION_ARCHIVER_SCHEDULES=1 ${REPLAY}`;
    throw new Error(`${describeFailure(failure)}\nto see it again: ${replay}`);
  }
  expect(results.reduce((sum, { schedules }) => sum + schedules, 0)).toBe(SCHEDULES);
  // As little as this each, and nothing would have happened.
  expect(results.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(50 * SCHEDULES);
});

describe("a weakened rule", () => {
  test("is found, whichever it is (SIMULATION.md; after a change of core: run Vitest with --update)", {
    timeout: HOURS,
  }, async () => {
    const known = SEARCH
      ? new Map<string, number>()
      : knownSeeds(await readFile(new URL("../SIMULATION.md", import.meta.url), "utf8"));
    const mutants = coreMutants.map(({ name }) => ({ name, seed: known.get(name) ?? 1 }));
    const halves = [0, 1].map((rest) => mutants.filter((_, i) => i % 2 === rest));
    const found = (
      await Promise.all(halves.map((half) => catchMutants({ kind: "session", mutants: half, most: MOST })))
    ).flat();
    expect(found.filter(({ schedules }) => schedules === null).map(({ name }) => name)).toEqual([]);
    const byName = new Map(found.map((each) => [each.name, each]));
    await expect(simulationPage(coreMutants, byName)).toMatchFileSnapshot("../SIMULATION.md");
  });

  test("has a name of its own, and there are many", () => {
    expect(new Set(coreMutants.map(({ name }) => name)).size).toBe(coreMutants.length);
    expect(coreMutants.length).toBeGreaterThan(30);
  });
});

test("the same seed is the same schedule", async () => {
  const twice = [await simulate({ seed: 7, schedules: 50 }), await simulate({ seed: 7, schedules: 50 })];
  expect(twice[1]).toEqual(twice[0]);
});

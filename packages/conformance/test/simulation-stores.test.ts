/**
 * Core under the simulation of stores: catalogues that are lost, copied, set back, swapped, or share a sink. That it finds what it
 * is to find is shown on mutants of core. The law stands in SIMULATION-STORES.md.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION-STORES.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { describeStoresFailure, simulateStores } from "../src/simulation/index.js";
import { storesMutants } from "./simulation/mutants-stores.js";
import { catchMutants, runStoresSchedules } from "./simulation/processes.js";
import { knownSeeds, storesPage } from "./simulation/simulation-page.js";

const SCHEDULES = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? 6000);
const FIRST = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);
const REPLAY = "npx vitest run --config vitest.workspace.ts --project conformance simulation-stores.test.ts";

const SEARCH = process.env["SESSION_ARCHIVER_SEARCH"] === "1";

/** Schedules after which a mutant counts as not found. */
const MOST = 50_000;
const HOURS = 3_600_000;

test(`stores lose nothing in ${SCHEDULES} schedules from seed ${FIRST}`, { timeout: 24 * HOURS }, async () => {
  const half = Math.ceil(SCHEDULES / 2);
  const jobs = [
    { seed: FIRST, schedules: half },
    { seed: FIRST + half, schedules: SCHEDULES - half },
  ];
  const results = await Promise.all(jobs.map(runStoresSchedules));
  for (const { failure } of results) {
    if (!failure) continue;
    const replay = `SESSION_ARCHIVER_SEED=${failure.seed} SESSION_ARCHIVER_SCHEDULES=1 ${REPLAY}`;
    throw new Error(`${describeStoresFailure(failure)}\nto see it again: ${replay}`);
  }
  expect(results.reduce((sum, { schedules }) => sum + schedules, 0)).toBe(SCHEDULES);
  // As little as this each, and nothing would have happened.
  expect(results.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(50 * SCHEDULES);
});

describe("a weakened rule of stores", () => {
  test("is found, whichever it is (SIMULATION-STORES.md; after a change of core: run Vitest with --update)", {
    timeout: HOURS,
  }, async () => {
    const page = await readFile(new URL("../SIMULATION-STORES.md", import.meta.url), "utf8").catch(() => "");
    const known = SEARCH ? new Map<string, number>() : knownSeeds(page);
    const mutants = storesMutants.map(({ name }) => ({ name, seed: known.get(name) ?? 1 }));
    const halves = [0, 1].map((rest) => mutants.filter((_, i) => i % 2 === rest));
    const jobs = halves.map((half) => catchMutants({ kind: "stores", mutants: half, most: MOST }));
    const found = (await Promise.all(jobs)).flat();
    expect(found.filter(({ schedules }) => schedules === null).map(({ name }) => name)).toEqual([]);
    const byName = new Map(found.map((each) => [each.name, each]));
    await expect(storesPage(storesMutants, byName)).toMatchFileSnapshot("../SIMULATION-STORES.md");
  });

  test("has a name of its own", () => {
    expect(new Set(storesMutants.map(({ name }) => name)).size).toBe(storesMutants.length);
  });
});

test("the same seed is the same schedule of stores", async () => {
  const twice = [
    await simulateStores({ seed: 7, schedules: 50, shrinks: false }),
    await simulateStores({ seed: 7, schedules: 50, shrinks: false }),
  ];
  expect(twice[1]).toEqual(twice[0]);
  expect(twice[0]?.failure).toBeUndefined();
});

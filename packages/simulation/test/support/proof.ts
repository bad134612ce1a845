/** The tests of one kind of schedules: nothing is lost, and each weakened rule is found. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Mutant } from "../../src/mutants/core-mutant.js";
import type { Kind } from "../../src/processes/job.js";
import { catchMutants, runSchedules } from "../../src/processes/processes.js";
import { runSeeds, type Schedules } from "../../src/run-seeds.js";
import { type Found, knownSeeds } from "./pages.js";

const FIRST = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);
const SEARCH = process.env["SESSION_ARCHIVER_SEARCH"] === "1";
/** `npm run test:proof`. */
const AT_LENGTH = process.env["SESSION_ARCHIVER_AT_LENGTH"] === "1";
const HOURS = 3_600_000;

interface Proof<Library> {
  readonly kind: Kind;
  readonly kindSchedules: Schedules<Library>;
  /** How many schedules `npm test` and `npm run test:proof` run; `SESSION_ARCHIVER_SCHEDULES` overrides both. */
  readonly schedules: { readonly sample: number; readonly atLength: number };
  readonly mutants: readonly Mutant[];
  /** Schedules after which a mutant counts as not found. */
  readonly most: number;
  /** Name of the page that lists the mutants, and its text. */
  readonly page: string;
  textOf(mutants: readonly Mutant[], found: Found): string;
}

export function defineProof<Library>(proof: Proof<Library>): void {
  const { kind, kindSchedules, schedules: usual, mutants, most, page, textOf } = proof;
  const schedules = Number(process.env["SESSION_ARCHIVER_SCHEDULES"] ?? (AT_LENGTH ? usual.atLength : usual.sample));

  test(`nothing is lost in ${schedules} schedules from seed ${FIRST}`, { timeout: 24 * HOURS }, async () => {
    const { steps, failure, ...done } = await runSchedules({ kind, seed: FIRST, schedules });
    if (failure) {
      const { seed, message, details } = failure;
      throw new Error(
        `seed ${seed}: ${message}\n${details}\nto see it again: npm run simulate -- ${kind} --seed ${seed}`,
      );
    }
    expect(done.schedules).toBe(schedules);
    // With fewer steps each, the schedules would have done nothing.
    expect(steps).toBeGreaterThan(50 * schedules);
  });

  describe("a weakened rule", () => {
    test(`is found, each of them (${page}; after a change of the sources: run Vitest with --update)`, {
      timeout: HOURS,
    }, async () => {
      const file = new URL(`../../${page}`, import.meta.url);
      const known = SEARCH ? new Map<string, number>() : knownSeeds(await readFile(file, "utf8"));
      const tried = mutants.map(({ name }) => ({ name, seed: known.get(name) ?? 1 }));
      const found = await catchMutants({ kind, mutants: tried, most });
      expect(found.filter((each) => each.schedules === null).map(({ name }) => name)).toEqual([]);
      const byName = new Map(found.map((each) => [each.name, each]));
      await expect(textOf(mutants, byName)).toMatchFileSnapshot(fileURLToPath(file));
    });

    test("has a name of its own", () => {
      expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    });
  });

  test("the same seed is the same schedule", async () => {
    const options = { seed: 7, schedules: 50, shrinks: false };
    const twice = [await runSeeds(kindSchedules, options), await runSeeds(kindSchedules, options)];
    expect(twice[1]).toEqual(twice[0]);
    expect(twice[0]?.failure).toBeUndefined();
  });
}

/**
 * Core under simulation: many schedules of archivers, restorers, pruners, collectors, readers and one writer on one session,
 * with crashes, faults and clocks that jump.
 * Mutants of core show that it finds what it must.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { expect, test } from "vitest";
import { coreMutants } from "../src/mutants/core-mutants.js";
import { sessionSchedules } from "../src/session/simulate.js";
import { simulationPage } from "./support/pages.js";
import { defineProof } from "./support/proof.js";

defineProof({
  kind: "session",
  kindSchedules: sessionSchedules,
  schedules: { sample: 12_000, atLength: 200_000 },
  mutants: coreMutants,
  most: 50_000,
  page: "SIMULATION.md",
  textOf: simulationPage,
});

test("many rules are weakened", () => {
  expect(coreMutants.length).toBeGreaterThan(30);
});

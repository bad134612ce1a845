/**
 * Core under the simulation of imports: a source that grows and is rewritten, importers, and other processes on its session.
 * Mutants of core show that it finds what it must.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION-IMPORTS.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { importsSchedules } from "../src/imports/simulate.js";
import { importsMutants } from "../src/mutants/mutants-imports.js";
import { importsPage } from "./support/pages.js";
import { defineProof } from "./support/proof.js";

defineProof({
  kind: "imports",
  kindSchedules: importsSchedules,
  schedules: { sample: 2_000, atLength: 30_000 },
  mutants: importsMutants,
  most: 20_000,
  page: "SIMULATION-IMPORTS.md",
  textOf: importsPage,
});

/**
 * The claim rule of agent-folders under simulation: programs that write without a lock, and runs that take their files away.
 * Mutants of the rule show that it finds what it must.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION-FOREIGN.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { foreignSchedules } from "../src/foreign/simulate.js";
import { claimMutants } from "../src/mutants/mutants-claim.js";
import { foreignPage } from "./support/pages.js";
import { defineProof } from "./support/proof.js";

defineProof({
  kind: "foreign",
  kindSchedules: foreignSchedules,
  schedules: { sample: 3_000, atLength: 100_000 },
  mutants: claimMutants,
  most: 20_000,
  page: "SIMULATION-FOREIGN.md",
  textOf: foreignPage,
});

/**
 * Core under the simulation of stores: catalogues that are lost, copied, set back, swapped, or share a sink.
 * Mutants of core show that it finds what it must.
 *
 * `SESSION_ARCHIVER_SCHEDULES` and `SESSION_ARCHIVER_SEED` say how many schedules from which seed. The mutants are tried on the
 * seeds in SIMULATION-STORES.md, which found them before; with `SESSION_ARCHIVER_SEARCH=1` on all from 1 on.
 */
import { storesMutants } from "../src/mutants/mutants-stores.js";
import { storesSchedules } from "../src/stores/simulate.js";
import { storesPage } from "./support/pages.js";
import { defineProof } from "./support/proof.js";

defineProof({
  kind: "stores",
  kindSchedules: storesSchedules,
  schedules: { sample: 1_000, atLength: 10_000 },
  mutants: storesMutants,
  most: 50_000,
  page: "SIMULATION-STORES.md",
  textOf: storesPage,
});

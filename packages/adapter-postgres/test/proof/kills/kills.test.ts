/** `kill -9` of programs at random moments, on real sessions in one database. `SESSION_ARCHIVER_KILLS=5000` for thousands. */
import { KILLS } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { withPostgres } from "../../support/stores.js";
import { killsLoseNothing } from "./lose-nothing.js";

if (!hasCorpus) console.warn(`${NO_CORPUS}: generated ones instead`);

/** Fewer than in the other stores: most that can go wrong in a program does so in all of them. */
const kills = Math.ceil(KILLS / 6);

withPostgres("killed programs", () => {
  killsLoseNothing(kills, async () => ({ store: new URL("store.ts", import.meta.url) }));
});

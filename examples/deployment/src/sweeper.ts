/** Archives idle sessions, one of any number of sweepers. */
import { rounds } from "./rounds.js";
import { variable } from "./store.js";

const inactiveDays = Number(variable("IDLE_DAYS"));

await rounds(({ archiver }, signal) => archiver.sweep({ inactiveDays, signal }));

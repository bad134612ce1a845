/** Every operation of the archiver is stopped at its port calls, on a real server, with a store that is opened again after each stop. */
import { crashCasesWith } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { ways } from "../support/stores.js";

/** Each stop begins with an empty store, and takes some hundred statements: few, unless there is time. */
const cases = process.env["SESSION_ARCHIVER_AT_LENGTH"]
  ? crashCasesWith({ every: 2, pairs: 4 })
  : crashCasesWith({ every: 30, pairs: 1 }).filter(({ name }) => !name.includes("second crash"));

for (const way of ways.slice(0, 1)) conforms(way, cases);

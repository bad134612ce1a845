/** Every operation of the archiver is stopped at its port calls, on a real database that is opened again after each stop. */
import { crashCasesWith } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { openPath } from "../support/stores.js";

const cases = crashCasesWith(
  process.env["SESSION_ARCHIVER_AT_LENGTH"] ? { every: 2, pairs: 4 } : { every: 25, pairs: 1 },
);

conforms("SQLite through a path", openPath, cases);

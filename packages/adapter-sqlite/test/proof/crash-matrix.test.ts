/** Every operation of the archiver is stopped at its port calls, on a real database that is opened again after each stop. */
import { crashCasesWith } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { openPath } from "../support/stores.js";

conforms("SQLite through a path", openPath, crashCasesWith({ every: 5, pairs: 2 }));

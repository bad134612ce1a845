import { conforms } from "../support/conformance.js";
import { openBetter } from "../support/stores.js";

conforms("SQLite through a handle of better-sqlite3", openBetter);

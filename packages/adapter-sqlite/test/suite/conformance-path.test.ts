import { conforms } from "../support/conformance.js";
import { openPath } from "../support/stores.js";

conforms("SQLite through a path", openPath);

/** A newer PostgreSQL than the machine's, built without lz4: a part of the suite. `SESSION_ARCHIVER_POSTGRES=npm` runs all on it. */
import { conforms } from "../support/conformance.js";
import { FEW_BYTES } from "../support/few-bytes.js";
import { ways } from "../support/stores.js";

const GROUPS = /^(Objects|Own metadata|Blobs: append|Archives: stat|Two instances)/;

for (const way of ways.slice(3))
  conforms(
    way,
    FEW_BYTES.filter(({ concern }) => GROUPS.test(concern)),
  );

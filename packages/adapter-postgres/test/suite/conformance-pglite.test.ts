/** PGlite takes a quarter of a second for each megabyte: long bodies, and what moves many, are left to the servers. */
import { cases } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { ways } from "../support/stores.js";

const GROUPS =
  /^(Objects|Names|Arguments|Own metadata|Blobs: (append|list)|Archives: stat|Abort|Damage|Two instances|Lifecycle: the worst)/;

for (const way of ways.slice(2))
  conforms(
    way,
    cases.filter(({ concern }) => GROUPS.test(concern)),
  );

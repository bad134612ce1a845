/** PGlite takes a quarter of a second for each megabyte: long bodies, and what moves many, are left to the servers. */
import { conforms } from "../support/conformance.js";
import { FEW_BYTES } from "../support/few-bytes.js";
import { ways } from "../support/stores.js";

for (const way of ways.slice(2, 2 + 1)) conforms(way, FEW_BYTES);

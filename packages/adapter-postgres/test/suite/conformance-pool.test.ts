import { conforms } from "../support/conformance.js";
import { ways } from "../support/stores.js";

for (const way of ways.slice(0, 0 + 1)) conforms(way);

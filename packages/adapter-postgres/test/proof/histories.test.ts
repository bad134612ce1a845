/** Random histories at the sizes at which rows are folded and cut, and bodies are stored in several statements. */
import { modelCases } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { ways } from "../support/stores.js";

for (const way of ways.slice(0, 2)) conforms(way, modelCases({ histories: 4, sizes: [65_536, 262_144, 2_097_152] }));

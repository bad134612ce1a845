/** Random histories through each way to open a store: sizes at which rows are folded and cut, space reclaimed at random. */
import { modelCases } from "@session-archiver/conformance";
import { conforms, reclaim } from "../support/conformance.js";
import { ways } from "../support/stores.js";

const cases = modelCases({ histories: 8, sizes: [65_536, 131_072], upkeep: reclaim });
for (const [name, open] of ways) conforms(`SQLite through ${name}`, open, cases);

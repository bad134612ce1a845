/** The crash matrix on core's memory ports, and on a key-value store. */
import { describe, test } from "vitest";
import { conformance, crashCases, crashCasesWith, FEATURES } from "../../src/index.js";
import { KV_OFFERS, kvSubject, memorySubject } from "../subjects.js";

conformance({ describe, test }, "memory", memorySubject, { offers: FEATURES, cases: crashCases });
// Every step, as on memory, but few pairs: its objects are texts that are parsed anew each time.
conformance({ describe, test }, "kv", kvSubject, { offers: KV_OFFERS, cases: crashCasesWith({ pairs: 10 }) });

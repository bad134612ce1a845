/** The crash matrix on core's memory ports, and on a key-value store. */
import { describe, test } from "vitest";
import { conformance, crashCases, crashCasesWith, FEATURES } from "../../src/index.js";
import { KV_OFFERS, kvSubject, memorySubject } from "../subjects.js";

const isAtLength = process.env["SESSION_ARCHIVER_AT_LENGTH"] !== undefined;
const onMemory = isAtLength ? crashCases : crashCasesWith({ every: 2, pairs: 3 });
conformance({ describe, test }, "memory", memorySubject, { offers: FEATURES, cases: onMemory });
// Its objects are texts that are parsed anew each time: few, unless there is time.
const onKv = crashCasesWith(isAtLength ? { pairs: 10 } : { every: 6, pairs: 2 });
conformance({ describe, test }, "kv", kvSubject, { offers: KV_OFFERS, cases: onKv });

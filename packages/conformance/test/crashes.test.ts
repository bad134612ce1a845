/** The crash matrix on core's memory ports, and on a key-value store. */
import { describe, test } from "vitest";
import { conformance, crashCases, FEATURES } from "../src/index.js";
import { kvSubject, memorySubject } from "./subjects.js";

conformance({ describe, test }, "memory", memorySubject, { offers: FEATURES, cases: crashCases });
conformance({ describe, test }, "kv", kvSubject, { offers: FEATURES, cases: crashCases });

/** The suite on core's memory ports, which the mutants are made from. */
import { describe, test } from "vitest";
import { conformance, FEATURES } from "../../src/index.js";
import { memorySubject } from "../subjects.js";

conformance({ describe, test }, "memory", memorySubject, { offers: FEATURES });

/** Random histories: sizes at which bytes are cut and folded, space reclaimed at random. */
import { conformance, modelCases } from "@session-archiver/conformance";
import { MIB } from "@session-archiver/test-kit/bytes";
import { describe, test } from "vitest";
import { OFFERS, reclaim, subject } from "./support/subject.js";

const cases = modelCases({ sizes: [MIB, 5 * MIB], upkeep: reclaim });
conformance({ describe, test }, "IndexedDB", subject, { offers: OFFERS, cases });

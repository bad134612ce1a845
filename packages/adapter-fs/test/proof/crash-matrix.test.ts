/** Every operation of the archiver stopped at its port calls, on real files; the store is opened anew after each. */
import { conformance, crashCasesWith } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { OFFERS, setup } from "../support/subject.js";

// With an fsync for each write: every fifth step, and two pairs.
const cases = crashCasesWith({ every: 5, pairs: 2 });

conformance({ describe, test }, "adapter-fs", setup, {
  offers: OFFERS,
  cases,
});

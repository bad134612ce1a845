/** Every operation of the archiver stopped at its port calls, on real files; the store is opened anew after each. */
import { conformance, crashCasesWith } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { OFFERS, setup } from "../support/subject.js";

/** With an fsync for each write: few, unless there is time. */
const cases = crashCasesWith(
  process.env["SESSION_ARCHIVER_AT_LENGTH"] ? { every: 2, pairs: 4 } : { every: 40, pairs: 1 },
);

conformance({ describe, test }, "adapter-fs", setup, {
  offers: OFFERS,
  cases,
});

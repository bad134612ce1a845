/** Every operation of the archiver is stopped at its port calls, with a sink that is opened again after each stop. */
import { crashCasesWith } from "@session-archiver/conformance";
import { conforms } from "../support/conformance.js";
import { newFakeBucket } from "../support/fake-buckets.js";

/** Each stop takes some hundred requests: few, unless there is time. */
const cases = process.env["SESSION_ARCHIVER_AT_LENGTH"]
  ? crashCasesWith({ every: 2, pairs: 4 })
  : crashCasesWith({ every: 60, pairs: 1 }).filter(({ name }) => !name.includes("second crash"));

conforms("S3 that honours conditions on put", "put", () => newFakeBucket("put"), cases);

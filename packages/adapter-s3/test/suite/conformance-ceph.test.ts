/** The suite on Ceph's S3. */
import { describe, test } from "vitest";
import { newCephBucket, servers } from "../support/ceph-buckets.js";
import { conforms, SINK_CASES } from "../support/conformance.js";

if (servers.missing === undefined) conforms("Ceph", undefined, newCephBucket, SINK_CASES);
else describe.skip(`Ceph: ${servers.missing}`, () => test("conformance", () => {}));

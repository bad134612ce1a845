/** The suite on the small S3 server, as it behaves like Amazon's, and like Ceph's. */
import { ALL_CASES, conforms, SINK_CASES } from "../support/conformance.js";
import { newFakeBucket } from "../support/fake-buckets.js";

conforms("S3 that honours all conditions", "both", () => newFakeBucket("both"), SINK_CASES);
conforms("S3 that honours conditions on PUT", "put", () => newFakeBucket("put"), ALL_CASES);

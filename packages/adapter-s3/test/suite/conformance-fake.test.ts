/** The suite on the small S3 server, as it behaves like Amazon's, and like Ceph's. */

import { conforms } from "../support/conformance.js";
import { FakeBucket } from "../support/fake/bucket.js";
import { startFakeS3 } from "../support/fake/server.js";
import { KEYS } from "../support/fake/signature.js";

for (const createOnly of ["both", "put"] as const) {
  conforms(`S3 that honours conditions on ${createOnly}`, createOnly, async () => {
    const server = await startFakeS3();
    // Small pages, so that there are many.
    server.buckets.set("sessions", new FakeBucket({ createOnly, pageSize: 7 }));
    return { endpoint: server.url, bucket: "sessions", credentials: KEYS, close: () => server.close() };
  });
}

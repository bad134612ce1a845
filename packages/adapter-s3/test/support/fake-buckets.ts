/** Empty buckets of small S3 servers, each with a server of its own. */
import { type Behaviour, FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import type { EmptyBucket } from "./conformance.js";

export async function newFakeBucket(createOnly: Behaviour["createOnly"]): Promise<EmptyBucket> {
  const server = await startFakeS3();
  // Small pages, so that there are many.
  server.buckets.set("sessions", new FakeBucket({ createOnly, pageSize: 7 }));
  return { endpoint: server.url, bucket: "sessions", credentials: KEYS, close: () => server.close() };
}

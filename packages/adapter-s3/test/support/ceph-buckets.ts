/** Places in one bucket of Ceph's, each for one test. */
import { KEYS } from "@session-archiver/test-kit/fake-s3";
import { describe, inject } from "vitest";
import type { EmptyBucket } from "./conformance.js";
import { makeBucket } from "./make-bucket.js";

export const servers = inject("s3Servers");

/** Tests that need the server; without one they skip, and say why. */
export const withCeph = servers.missing === undefined ? describe : describe.skip;
if (servers.missing !== undefined) console.warn(`Skipped: ${servers.missing}.`);

let making: Promise<string> | undefined;
let count = 0;

export async function newCephBucket(): Promise<EmptyBucket> {
  const endpoint = servers.ceph ?? "";
  making ??= makeBucket(endpoint);
  const bucket = await making;
  return { endpoint, bucket, credentials: KEYS, prefix: `at-${++count}/`, close: async () => {} };
}

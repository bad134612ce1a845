/** Places in one bucket of Ceph's, each for one test. */
import { describe, inject } from "vitest";
import { Requests } from "../../src/http/requests.js";
import { fetchTransport } from "../../src/http/transport.js";
import type { EmptyBucket } from "./conformance.js";
import { KEYS } from "./fake/signature.js";

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

async function makeBucket(endpoint: string): Promise<string> {
  const bucket = `b${crypto.randomUUID()}`;
  const requests = new Requests({
    endpoint: { url: new URL(endpoint), bucket, pathStyle: true },
    region: async () => "us-east-1",
    credentials: async () => KEYS,
    transport: fetchTransport(fetch),
    ...{ timeoutMs: 60_000, tries: 5, pauseMs: 100 },
  });
  const { status, text } = await requests.send({ method: "PUT" }, {});
  if (status !== 200) throw new Error(`The bucket was not made: ${text}`);
  return bucket;
}

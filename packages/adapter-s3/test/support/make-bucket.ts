/** A new bucket. The sink itself makes none. */
import { KEYS } from "@session-archiver/test-kit/fake-s3";
import { Requests } from "../../src/http/requests.js";
import { fetchTransport } from "../../src/http/transport.js";

export async function makeBucket(endpoint: string): Promise<string> {
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

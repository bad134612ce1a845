/** Over a client of the AWS SDK itself. */

import { S3, S3Client } from "@aws-sdk/client-s3";
import { createArchiver, memoryPorts, toBytes } from "@session-archiver/core";
import { all, firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { KEYS } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { openS3Archives } from "../../src/index.js";
import { failing, fakeSink } from "../support/sinks.js";

async function open(Client: typeof S3Client) {
  const fake = await fakeSink();
  let asked = 0;
  const credentials = async () => {
    asked++;
    return { ...KEYS, sessionToken: "temporary" };
  };
  const client = new Client({ endpoint: fake.server.url, region: "eu-west-1", credentials, forcePathStyle: true });
  onTestFinished(() => client.destroy());
  const options = { client, bucket: "sessions", prefix: "p/", pauseMs: 0, onNotice: () => {} };
  return { fake, client, options, sink: await openS3Archives(options), asked: () => asked };
}

describe.each([
  ["S3Client", S3Client],
  ["S3", S3],
] as const)("over an %s of the SDK", (_, Client) => {
  test("a session is archived and read, and long bodies come back", async () => {
    const { fake, sink, asked } = await open(Client);
    expect(sink.createOnly).toBe("both");
    expect(asked()).toBeGreaterThan(0);
    const archiver = createArchiver({ ...memoryPorts(), archives: sink });
    await archiver.import("s", inChunks(new TextEncoder().encode('{"n":1}\n'), 3));
    await archiver.archive("s");
    expect(await archiver.read("s").text()).toBe('{"n":1}\n');
    const long = pattern(17 * MIB);
    await sink.put("long", inChunks(long, MIB));
    fake.onRequest(failing(/^GET long/, { cutAfter: MIB }, 2));
    expect(firstDifference(await toBytes(sink.read("long")), long)).toBeUndefined();
    expect(firstDifference(await toBytes(sink.read("long", { start: 5, end: 9 })), long.slice(5, 9))).toBeUndefined();
    expect((await all(sink.list("lo"))).map(({ key }) => key)).toEqual(["long"]);
    await expect(sink.put("long", inChunks(long, MIB))).rejects.toMatchObject({ code: "CONFLICT" });
    await sink.delete("long");
    expect(await sink.stat("long")).toBeUndefined();
    expect(fake.bucket.uploads.size).toBe(0);
  });

  test("region and credentials are the client's, and an answer that is lost is resolved by ourselves", async () => {
    const { fake, sink } = await open(Client);
    let said: string | undefined;
    let fails = true;
    fake.onRequest((request, { request: { headers } }) => {
      said = `${headers["authorization"]} ${headers["x-amz-security-token"]}`;
      if (!fails || !request.startsWith("PUT")) return undefined;
      fails = false;
      return { lost: "after" };
    });
    fake.taken();
    await sink.put("a", inChunks(pattern(9), 9));
    expect(fake.taken()).toEqual(["PUT a", "PUT a", "HEAD a"]);
    expect(said).toMatch(/\/eu-west-1\/s3\/aws4_request.*x-amz-security-token.* temporary$/);
  });

  test("a client without credentials is UNAVAILABLE, with its reason", async () => {
    const { client, options } = await open(Client);
    client.config.credentials = () => Promise.reject(new Error("no profile found"));
    const message = expect.stringContaining("no profile found");
    await expect(openS3Archives({ ...options, client })).rejects.toMatchObject({ code: "UNAVAILABLE", message });
  });
});

test("something else than a client is refused", async () => {
  const opening = openS3Archives({ bucket: "sessions", client: { config: {} } as never });
  await expect(opening).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message: /S3Client/ });
});

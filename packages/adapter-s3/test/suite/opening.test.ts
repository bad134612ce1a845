/** What opening finds out about a bucket, and what it refuses. */

import { toBytes } from "@session-archiver/core";
import { all, inChunks, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { fail } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, test } from "vitest";
import { failing, fakeSink } from "../support/sinks.js";

describe("opening", () => {
  test.each(["both", "put"] as const)("finds that conditions hold on %s", async (createOnly) => {
    const fake = await fakeSink({ createOnly });
    const notices: string[] = [];
    const sink = await fake.open({ onNotice: ({ code }) => notices.push(code) });
    expect(sink.createOnly).toBe(createOnly);
    expect(notices).toEqual(createOnly === "put" ? ["CREATE_ONLY"] : []);
    expect([fake.bucket.objects.size, fake.bucket.uploads.size]).toEqual([0, 0]);
  });

  test("is refused where no condition holds, unless it is said that this is no matter", async () => {
    const fake = await fakeSink({ createOnly: "none" }, { createOnly: "keys are random" });
    expect(fake.sink.createOnly).toBe("keys are random");
    const message = /honours no condition.*createOnly: "keys are random"/;
    await expect(fake.open({ createOnly: undefined })).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
    expect(fake.bucket.objects.size).toBe(0);
  });

  test.each([
    ["doesn't implement the condition", 501, "NotImplemented"],
    ["refuses the header", 400, "InvalidArgument"],
  ])("is refused where the server %s", async (_, status, code) => {
    const fake = await fakeSink();
    fake.onRequest((request, { request: { headers } }) => {
      return request.startsWith("PUT") && headers["if-none-match"] ? { answer: fail(status, code) } : undefined;
    });
    await expect(fake.open()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("is refused where the server loses the headers by which a writer finds its own", async () => {
    const fake = await fakeSink({ keepsMeta: false }, { createOnly: "both" });
    const message = expect.stringContaining("x-amz-meta-sa-put");
    await expect(fake.open({ createOnly: undefined })).rejects.toMatchObject({ code: "UNAVAILABLE", message });
    // And a write, where nobody has tried it out.
    await expect(fake.sink.put("a", nothing())).rejects.toMatchObject({ code: "UNAVAILABLE", key: "a" });
  });

  test.each([
    ["there is no bucket", { bucket: "another" }, /NoSuchBucket.*create the bucket/],
    ["the key is unknown", { credentials: { accessKeyId: "x", secretAccessKey: "y" } }, /InvalidAccessKeyId/],
    [
      "the secret is wrong",
      { credentials: { accessKeyId: "test", secretAccessKey: "y" } },
      /SignatureDoesNotMatch.*secret/,
    ],
    ["nobody listens", { endpoint: "http://127.0.0.1:1", tries: 1 }, /connection to http:\/\/127\.0\.0\.1:1 failed/],
  ])("is UNAVAILABLE if %s", async (_, options, message) => {
    const fake = await fakeSink();
    await expect(fake.open(options)).rejects.toMatchObject({ code: "UNAVAILABLE", message });
  });

  test("says where the bucket is, if it is in another region", async () => {
    const fake = await fakeSink();
    const answer = { ...fail(301, "PermanentRedirect"), headers: { "x-amz-bucket-region": "eu-west-1" } };
    fake.onRequest(() => ({ answer }));
    await expect(fake.open()).rejects.toMatchObject({ code: "UNAVAILABLE", message: /region eu-west-1/ });
  });

  test("says that what is deleted stays, where the bucket keeps versions or has object lock", async () => {
    for (const [behaviour, notice, facts] of [
      [{ versioning: "Enabled" }, "VERSIONED", { versioning: "Enabled", objectLock: "Off" }],
      [{ versioning: "Enabled", objectLock: true }, "OBJECT_LOCK", { versioning: "Enabled", objectLock: "Enabled" }],
      [{ versioning: "Suspended" }, undefined, { versioning: "Suspended", objectLock: "Off" }],
    ] as const) {
      const fake = await fakeSink(behaviour);
      const notices: string[] = [];
      const sink = await fake.open({ onNotice: ({ code }) => notices.push(code) });
      expect(notices).toEqual(notice === undefined ? [] : [notice]);
      expect(sink.bucketFacts).toEqual(facts);
    }
  });

  test("needs no right to ask for that", async () => {
    const fake = await fakeSink();
    fake.onRequest((request) =>
      /versioning|lock|^GET \?uploads/.test(request) ? { answer: fail(403, "AccessDenied") } : undefined,
    );
    expect((await fake.open()).bucketFacts).toEqual({ versioning: "UNKNOWN", objectLock: "UNKNOWN" });
  });

  test("a clock that is wrong is set by the server's", async () => {
    const fake = await fakeSink();
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    fake.onRequest(failing(/^PUT/, { answer: { ...fail(403, "RequestTimeTooSkewed"), headers: { date } } }));
    await fake.sink.put("a", nothing());
    let signedAt = "";
    fake.onRequest((_, { request: { headers } }) => {
      signedAt = String(headers["x-amz-date"]);
      return undefined;
    });
    await fake.sink.stat("a");
    expect(signedAt.slice(0, 11)).toBe(new Date(date).toISOString().replaceAll(/[-:]/g, "").slice(0, 11));
  });

  test("a storage class is given to new archives", async () => {
    const fake = await fakeSink({}, { storageClass: "STANDARD_IA" });
    await fake.sink.put("a", nothing());
    expect(fake.bucket.objects.get("p/a")?.headers).toMatchObject({ "x-amz-storage-class": "STANDARD_IA" });
  });

  test("after close, calls are UNAVAILABLE", async () => {
    const { sink } = await fakeSink();
    await sink.close();
    await expect(sink.stat("a")).rejects.toMatchObject({ code: "UNAVAILABLE", message: /closed/ });
    await expect(sink.collectOrphans()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("a bucket", () => {
  test("holds several sinks and what others put there, each under its prefix", async () => {
    const fake = await fakeSink();
    const [inner, root] = [await fake.open({ prefix: "p/inner/" }), await fake.open({ prefix: "" })];
    await fake.sink.put("a", inChunks(pattern(3), 3));
    await inner.put("b", nothing());
    fake.bucket.set("p/what is this?", Buffer.from(""), {});
    fake.bucket.set("p/=zz", Buffer.from(""), {});
    const skipped: unknown[] = [];
    const looking = await fake.open({ onSkipped: (error) => skipped.push(error) });
    expect((await all(looking.list())).map(({ key }) => key)).toEqual(["a"]);
    expect(skipped).toMatchObject([
      { code: "CORRUPT", key: "=zz" },
      { code: "CORRUPT", key: "what is this?" },
    ]);
    expect((await all(inner.list())).map(({ key }) => key)).toEqual(["b"]);
    expect(await all(root.list())).toEqual([]);
    expect(await toBytes(looking.read("a"))).toHaveLength(3);
  });

  test("that is deleted is not taken for one without archives", async () => {
    const fake = await fakeSink();
    await fake.sink.put("a", nothing());
    fake.server.buckets.clear();
    await expect(toBytes(fake.sink.read("a"))).rejects.toMatchObject({ code: "UNAVAILABLE", message: /NoSuchBucket/ });
    await expect(fake.sink.stat("a")).rejects.toMatchObject({ code: "UNAVAILABLE", message: /NoSuchBucket/ });
    await expect(all(fake.sink.list())).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

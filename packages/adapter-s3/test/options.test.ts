import { describe, expect, test } from "vitest";
import { openS3Archives, type S3Options } from "../src/index.js";
import { checkOptions } from "../src/options.js";

const GOOD: S3Options = { bucket: "sessions", credentials: { accessKeyId: "a", secretAccessKey: "b" } };

describe("options", () => {
  test.each<readonly [string, object]>([
    ["bucket", { bucket: "" }],
    ["bucket", { bucket: "a/b" }],
    ["region", { region: "" }],
    ["createOnly", { createOnly: "none" }],
    ["storage class", { storageClass: "standard ia" }],
    ["GLACIER", { storageClass: "GLACIER" }],
    ["DEEP_ARCHIVE", { storageClass: "DEEP_ARCHIVE" }],
    ["part", { partBytes: 1000 }],
    ["part", { partBytes: 1.5 }],
    ["time limit", { timeoutMs: -1 }],
    ["try", { tries: 0 }],
    ["pause", { pauseMs: Number.NaN }],
    ["endpoint", { endpoint: "localhost" }],
    ["endpoint", { endpoint: "ftp://localhost" }],
    ["endpoint", { endpoint: "https://user:secret@localhost" }],
    ["prefix", { prefix: "../" }],
    ["prefix", { prefix: "a//b" }],
    ["prefix", { prefix: "/" }],
    ["prefix", { prefix: "a b" }],
    ["prefix", { prefix: 7 }],
    ["prefix", { prefix: "a".repeat(101) }],
    ["credentials", { credentials: undefined }],
    ["credentials", { credentials: { accessKeyId: "a" } }],
  ])("a wrong %s is refused: %j", async (what, options) => {
    const opening = openS3Archives({ ...GOOD, ...options } as S3Options);
    await expect(opening).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining(what) });
  });

  test("Amazon's endpoint of the region, with the bucket in the host, is the default; one of your own has it in the path", () => {
    expect(checkOptions({ ...GOOD, region: "eu-west-1" })).toMatchObject({
      endpoint: new URL("https://s3.eu-west-1.amazonaws.com"),
      pathStyle: false,
      prefix: "session-archives/",
    });
    expect(checkOptions({ ...GOOD, endpoint: "http://localhost:9000" }).pathStyle).toBe(true);
    // Amazon's certificate covers one label.
    expect(checkOptions({ ...GOOD, bucket: "a.b" }).pathStyle).toBe(true);
  });

  test("a prefix ends in a slash, or is empty", () => {
    for (const [given, prefix] of [
      ["", ""],
      ["a", "a/"],
      ["a/b/", "a/b/"],
    ] as const) {
      expect(checkOptions({ ...GOOD, prefix: given }).prefix).toBe(prefix);
    }
  });

  test("credentials that can't be had are UNAVAILABLE, with the reason", async () => {
    const { credentials } = checkOptions({
      ...GOOD,
      credentials: () => Promise.reject(new Error("no metadata service")),
    });
    await expect(credentials()).rejects.toMatchObject({ code: "UNAVAILABLE", message: /no metadata service/ });
  });
});

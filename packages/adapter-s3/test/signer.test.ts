/** The examples of AWS: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
import { describe, expect, test } from "vitest";
import { type Query, urlOf } from "../src/http/endpoint.js";
import { escapeUri, sign } from "../src/http/signer.js";

const KEYS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const NOW = new Date("2013-05-24T00:00:00Z");
const endpoint = { url: new URL("https://s3.amazonaws.com"), bucket: "examplebucket", pathStyle: false };

interface Example {
  readonly what: string;
  readonly method: string;
  readonly name?: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signed: string;
  readonly signature: string;
}

const EXAMPLES: readonly Example[] = [
  {
    what: "GET Object",
    method: "GET",
    name: "test.txt",
    headers: { range: "bytes=0-9" },
    signed: "host;range;x-amz-content-sha256;x-amz-date",
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  {
    what: "PUT Object",
    method: "PUT",
    name: "test$file.text",
    headers: { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
    body: "Welcome to Amazon S3.",
    signed: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    what: "GET Bucket Lifecycle",
    method: "GET",
    query: { lifecycle: "" },
    signed: "host;x-amz-content-sha256;x-amz-date",
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  {
    what: "GET Bucket (List Objects)",
    method: "GET",
    query: { prefix: "J", "max-keys": "2" },
    signed: "host;x-amz-content-sha256;x-amz-date",
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
];

describe("signatures", () => {
  test.each(EXAMPLES)(
    "$what is signed as AWS says",
    async ({ method, name, query, headers = {}, body, signed, signature }) => {
      const request = {
        method,
        url: urlOf(endpoint, name, query),
        headers,
        body: body === undefined ? undefined : new TextEncoder().encode(body),
      };
      const { authorization } = await sign(request, KEYS, "us-east-1", NOW);
      expect(authorization).toBe(
        `AWS4-HMAC-SHA256 Credential=${KEYS.accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`,
      );
    },
  );

  test("a session token is sent and signed; the host is signed and left to the platform", async () => {
    const url = urlOf(endpoint, "a");
    const keys = { ...KEYS, sessionToken: "token" };
    const headers = await sign({ method: "GET", url, headers: {} }, keys, "us-east-1", NOW);
    expect(headers).toMatchObject({ "x-amz-security-token": "token", "x-amz-date": "20130524T000000Z" });
    expect(headers["authorization"]).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,",
    );
    expect(headers).not.toHaveProperty("host");
  });
});

describe("addresses", () => {
  test("of both styles, with ports and paths", () => {
    const at = (url: string, pathStyle: boolean) => ({ url: new URL(url), bucket: "b", pathStyle });
    expect(urlOf(at("https://s3.example", false), "p/a=2f").href).toBe("https://b.s3.example/p/a%3D2f");
    expect(urlOf(at("http://localhost:9000", true), "p/a").href).toBe("http://localhost:9000/b/p/a");
    expect(urlOf(at("https://host/s3/", true), undefined, { b: "é /+", a: "" }).href).toBe(
      "https://host/s3/b/?a=&b=%C3%A9%20%2F%2B",
    );
  });

  test("escapes what encodeURIComponent leaves", () => {
    expect(escapeUri("AZaz09-._~ !'()*=/é")).toBe("AZaz09-._~%20%21%27%28%29%2A%3D%2F%C3%A9");
  });
});

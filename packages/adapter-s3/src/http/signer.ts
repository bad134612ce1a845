/** Signature version 4 of AWS. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
import { hmac, sha256, toHex } from "./sha256.js";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** A request whose path and query are escaped already, as {@link escapeUri} does. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** All are signed. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

/** The request's headers, with those that sign it. The body's hash is one of them: the server refuses other bytes. */
export async function sign(
  { method, url, headers, body }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
  region: string,
  now: Date,
): Promise<Record<string, string>> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const hash = await sha256(body ?? "");
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-content-sha256": hash,
    "x-amz-date": time,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]?.trim().replaceAll(/ +/g, " ")}\n`).join("");
  const canonical = [method, url.pathname, url.search.slice(1), lines, names.join(";"), hash].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, await sha256(canonical)].join("\n");
  let key: string | Uint8Array = `AWS4${secretAccessKey}`;
  for (const part of [day, region, "s3", "aws4_request"]) key = await hmac(key, part);
  const signature = toHex(await hmac(key, text));
  const { host: _, ...sent } = all;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { ...sent, authorization };
}

/** Escapes all but what the signature leaves alone, which is less than `encodeURIComponent` does. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

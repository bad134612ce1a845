/** Checks a request's signature, by other code than what signs. */
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const KEYS = { accessKeyId: "test", secretAccessKey: "testtest" } as const;

/** S3's code for what is wrong with it. */
export function wrongSignature(request: IncomingMessage, body: Buffer): string | undefined {
  const said = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+),SignedHeaders=([^,]+),Signature=(\w+)$/.exec(
    request.headers.authorization ?? "",
  );
  const [, id, scope = "", names = "", signature] = said ?? [];
  if (id !== KEYS.accessKeyId) return "InvalidAccessKeyId";
  const hash = createHash("sha256").update(body).digest("hex");
  if (request.headers["x-amz-content-sha256"] !== hash) return "XAmzContentSHA256Mismatch";
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const lines = names.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonicalQuery = query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => part.split("=").map((text) => encode(decodeURIComponent(text))))
    .map(([key, value = ""]) => `${key}=${value}`)
    .sort();
  const canonicalPath = path.split("/").map((part) => encode(decodeURIComponent(part)));
  const canonical = [request.method, canonicalPath.join("/"), canonicalQuery.join("&"), lines.join(""), names, hash];
  const text = `AWS4-HMAC-SHA256\n${request.headers["x-amz-date"]}\n${scope}\n${createHash("sha256").update(canonical.join("\n")).digest("hex")}`;
  const key = scope
    .split("/")
    .reduce<string | Buffer>(
      (secret, part) => createHmac("sha256", secret).update(part).digest(),
      `AWS4${KEYS.secretAccessKey}`,
    );
  return createHmac("sha256", key).update(text).digest("hex") === signature ? undefined : "SignatureDoesNotMatch";
}

function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

import { createHash } from "node:crypto";
import type { Bytes } from "@session-archiver/core";

/** SHA-256, in hexadecimal. */
export async function hashOf(bytes: Bytes): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex");
}

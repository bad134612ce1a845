/** SHA-256 and HMAC of the platform. */
import { ArchiverError } from "@session-archiver/core/adapter";

const encoder = new TextEncoder();

export async function sha256(data: string | Uint8Array): Promise<string> {
  return toHex(await subtle().digest("SHA-256", bytesFrom(data)));
}

export async function hmac(key: string | Uint8Array, text: string): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await subtle().importKey("raw", bytesFrom(key), algorithm, false, ["sign"]);
  return new Uint8Array(await subtle().sign("HMAC", imported, bytesFrom(text)));
}

export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesFrom(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return (typeof data === "string" ? encoder.encode(data) : data) as Uint8Array<ArrayBuffer>;
}

function subtle(): SubtleCrypto {
  // Missing in pages that came over plain http, whatever the types say.
  const found = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (found) return found;
  throw new ArchiverError("UNAVAILABLE", "This page has no crypto.subtle. Load it over https, or from localhost.");
}

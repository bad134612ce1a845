/** Compares bytes, and reads gzip files. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzipSync, inflateRawSync, zstdDecompressSync } from "node:zlib";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

export function digest(bytes: Uint8Array): Digest {
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The hash of the transcript in a file; gzip and zstd data is unpacked. */
export async function digestOfFile(path: string): Promise<Digest> {
  const bytes = await readFile(path);
  if (path.endsWith(".zst")) return digest(zstdDecompressSync(bytes));
  return digest(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

/** Whether the file is one gzip member and nothing else. Its header must have no optional parts. */
export function isOneMember(file: Buffer): boolean {
  if (file.readUInt32BE(0) >>> 8 !== 0x1f8b08 || file[3] !== 0) return false;
  const { engine } = inflateRawSync(file.subarray(HEADER_BYTES), { info: true }) as unknown as {
    readonly engine: { readonly bytesWritten: number };
  };
  return HEADER_BYTES + engine.bytesWritten + TRAILER_BYTES === file.length;
}

/** Rejects if the machine's own gzip finds anything wrong with the file. */
export async function gzipTest(path: string): Promise<void> {
  await promisify(execFile)("gzip", ["-t", path]);
}

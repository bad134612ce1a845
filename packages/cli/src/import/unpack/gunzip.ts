/** Unpacks gzip: all members, and every byte of the file. */
import { createGunzip } from "node:zlib";
import type { Bytes } from "@session-archiver/core";
import { through } from "./through.js";

const CHUNK_BYTES = 256 * 1024;

/** What is wrong with the file, as the end of a sentence that begins with its name: `has 3 bytes after its end`. */
export class NotGzip extends Error {
  override readonly name = "NotGzip";
}

/**
 * `size`: bytes of `packed`. Throws `NotGzip`, or zlib's own error, if it is damaged, torn, or followed by anything
 * else.
 */
export async function* gunzip(packed: Bytes, size: number): Bytes {
  const decoder = createGunzip({ chunkSize: CHUNK_BYTES });
  yield* through(packed, decoder);
  // Zero bytes after a member end the decoding without an error, whatever comes after them.
  const rest = size - decoder.bytesWritten;
  if (rest > 0) throw new NotGzip(`has ${rest} bytes after its end`);
}

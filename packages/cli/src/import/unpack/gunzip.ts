/** Unpacks gzip: all members, and every byte of the file. */
import { createGunzip } from "node:zlib";
import type { Bytes } from "@session-archiver/core";
import { through } from "./through.js";

const CHUNK_BYTES = 256 * 1024;

/** What is wrong with the file, to be put behind its name: `has 3 bytes behind its end`. */
export class NotGzip extends Error {
  override readonly name = "NotGzip";
}

/** `size`: bytes of `packed`. `NotGzip`, or zlib's own error, for what is damaged, torn, or followed by anything else. */
export async function* gunzip(packed: Bytes, size: number): Bytes {
  const decoder = createGunzip({ chunkSize: CHUNK_BYTES });
  yield* through(packed, decoder);
  // Zero bytes behind a member end the decoding without a word, whatever comes after them.
  const rest = size - decoder.bytesWritten;
  if (rest > 0) throw new NotGzip(`has ${rest} bytes behind its end`);
}

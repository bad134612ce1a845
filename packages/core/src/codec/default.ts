/** The codec of an archiver that is given none. */
import { ArchiverError } from "../errors.js";
import type { Codec } from "./codec.js";
import { fflateCodec } from "./fflate.js";
import { nodeZlib } from "./node-zlib.js";

/** zlib gives its output in pieces of this size; those of most segments are one. */
const LARGEST_PIECE = 1024 * 1024 + 64;
const SMALLEST_PIECE = 1024;

/**
 * fflate, which runs wherever JavaScript does. In Node its zlib inflates: three times as fast, and a second opinion on what
 * fflate has made. Stores bring faster ones: `nativeCodec()` in browsers, and in Node `zlibCodec()` of
 * `@session-archiver/codec-zlib`, which uses all cores.
 */
export function defaultCodec(): Codec {
  const fflate = fflateCodec();
  const zlib = nodeZlib();
  if (!zlib) return fflate;
  return {
    ...fflate,
    inflate(deflated, maxBytes) {
      const limit = maxBytes + 1; // zlib takes no limit of 0
      const chunkSize = Math.min(Math.max(limit, SMALLEST_PIECE), LARGEST_PIECE);
      let raw: Uint8Array;
      try {
        raw = zlib.inflateRawSync(deflated, { maxOutputLength: limit, chunkSize });
      } catch (cause) {
        if (cause instanceof RangeError) throw tooMuch(maxBytes, cause);
        throw new ArchiverError("CORRUPT", "A segment is not valid deflate data.", { cause });
      }
      if (raw.length > maxBytes) throw tooMuch(maxBytes);
      return new Uint8Array(raw.buffer, raw.byteOffset, raw.length); // no Buffer, whose slice is no copy
    },
  };
}

function tooMuch(maxBytes: number, cause?: unknown): ArchiverError {
  return new ArchiverError("CORRUPT", `A segment holds more than ${maxBytes} bytes.`, { cause });
}

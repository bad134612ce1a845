/** Node's zlib on its thread pool: a copy of the command line's, which is no part of what that package exports. */
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw, inflateRaw } from "node:zlib";
import { ArchiverError, type Codec } from "@session-archiver/core";

const deflate = promisify<Uint8Array, Parameters<typeof deflateRaw>[1], Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Parameters<typeof inflateRaw>[1], Buffer>(inflateRaw);

/** Bytes that zlib gives out at a time; its default of 16 KiB costs a hop between threads each. */
const CHUNK_BYTES = 256 * 1024;
/** The thread pool has four threads unless told otherwise. */
const MOST_IN_FLIGHT = 4;

export function zlibCodec(): Codec {
  return {
    concurrency: Math.min(MOST_IN_FLIGHT, availableParallelism() + 1),
    crc32,
    // Ended by a sync flush, the stream has no final block, but an empty stored one.
    deflate: (raw) => deflate(raw, { level: 6, chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH }),
    async inflate(deflated, maxBytes) {
      const tooMuch = (cause?: unknown): ArchiverError =>
        new ArchiverError("CORRUPT", `A segment holds more than ${maxBytes} bytes.`, { cause });
      let raw: Buffer;
      try {
        // One byte more than allowed, as zlib takes no limit of 0.
        raw = await inflate(deflated, { chunkSize: CHUNK_BYTES, maxOutputLength: maxBytes + 1 });
      } catch (cause) {
        if (cause instanceof RangeError) throw tooMuch(cause);
        throw new ArchiverError("CORRUPT", "A segment is not valid deflate data.", { cause });
      }
      if (raw.length > maxBytes) throw tooMuch();
      return raw;
    },
  };
}

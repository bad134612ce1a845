/** Node's zlib: short segments at once, the others on its thread pool, several at a time. */
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync, type ZlibOptions } from "node:zlib";
import { ArchiverError, type Codec } from "@session-archiver/core";
import { checkWhole } from "./check.js";

export interface ZlibCodecOptions {
  /** From 0 (not compressed) and 1 (fastest) to 9 (smallest); 6 if not given. Reads take any archive, whatever this is. */
  readonly level?: number | undefined;
  /**
   * Segments of 1 MiB in the works at once, 1 to 64; each takes some 3 MB of memory. If not given: four more than there are
   * cores, or than Node's thread pool has threads, if those are fewer (4, or what `UV_THREADPOOL_SIZE` says).
   */
  readonly concurrency?: number | undefined;
}

const MOST_IN_FLIGHT = 64;

/** So much is deflated in a millisecond or two: not worth two hops between threads. */
const DEFLATED_AT_ONCE = 64 * 1024;
/** Inflated in half a millisecond. */
const INFLATED_AT_ONCE = 256 * 1024;

/** zlib gives its output in buffers of one size, with a hop between threads for each: they should hold all of it. */
const LARGEST_BUFFER = 1024 * 1024 + 64;
const SMALLEST_BUFFER = 1024;

const deflateInPool = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);
const inflateInPool = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw);

/**
 * The fastest codec in Node. Stores of the SQLite and file system adapters bring it; else pass it to `createArchiver` as
 * `codec`. It reads what any other codec wrote, and the other way
 * round. `INVALID_ARGUMENT` for options that are none.
 */
export function zlibCodec(options: ZlibCodecOptions = {}): Codec {
  if (typeof options !== "object" || options === null) {
    throw new ArchiverError("INVALID_ARGUMENT", "zlibCodec takes an object, such as { level: 9 }.");
  }
  const { level = 6, concurrency = defaultConcurrency() } = options;
  checkWhole(level, "compression level", 0, 9);
  checkWhole(concurrency, "concurrency of the codec", 1, MOST_IN_FLIGHT);
  return {
    concurrency,
    deflate(raw) {
      // Ended by a sync flush, the stream has no final block, but an empty stored one.
      const settings = { level, chunkSize: bufferSize(raw.length >> 1), finishFlush: constants.Z_SYNC_FLUSH };
      return raw.length <= DEFLATED_AT_ONCE
        ? plain(deflateRawSync(raw, settings))
        : deflateInPool(raw, settings).then(plain);
    },
    async inflate(deflated, maxBytes) {
      // One byte more than allowed, as zlib takes no limit of 0.
      const limit = maxBytes + 1;
      const settings = { chunkSize: bufferSize(limit), maxOutputLength: limit };
      const atOnce = deflated.length + maxBytes <= INFLATED_AT_ONCE;
      let raw: Buffer;
      try {
        raw = atOnce ? inflateRawSync(deflated, settings) : await inflateInPool(deflated, settings);
      } catch (cause) {
        if (cause instanceof RangeError) throw tooMuch(maxBytes, cause);
        throw new ArchiverError("CORRUPT", "A segment is not valid deflate data.", { cause });
      }
      if (raw.length > maxBytes) throw tooMuch(maxBytes);
      return plain(raw);
    },
  };
}

function defaultConcurrency(): number {
  const threads = Number(process.env["UV_THREADPOOL_SIZE"]) || 4;
  // Some wait in the pool, so that no thread does while a result is written.
  return Math.min(Math.max(1, Math.min(availableParallelism(), Math.trunc(threads))) + 4, MOST_IN_FLIGHT);
}

function bufferSize(wanted: number): number {
  return Math.min(Math.max(wanted, SMALLEST_BUFFER), LARGEST_BUFFER);
}

/** The same bytes, without what a Buffer does otherwise: its `slice` is no copy. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function tooMuch(maxBytes: number, cause?: unknown): ArchiverError {
  return new ArchiverError("CORRUPT", `A segment holds more than ${maxBytes} bytes.`, { cause });
}

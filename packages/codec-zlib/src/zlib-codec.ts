/**
 * The codec that uses Node's zlib: short segments on the calling thread, others on its thread pool, several at a time.
 */
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync, type ZlibOptions } from "node:zlib";
import { ArchiverError, type Codec } from "@session-archiver/core";
import { checkWhole } from "./check.js";

export interface ZlibCodecOptions {
  /** From 0 (not compressed) and 1 (fastest) to 9 (smallest); 6 by default. Archives of every level can be read. */
  readonly level?: number | undefined;
  /**
   * How many segments of 1 MiB to work on at once, 1 to 64; each takes about 3 MB of memory. By default, four more than
   * the number of cores, or of threads in Node's thread pool if that is smaller (4, or `UV_THREADPOOL_SIZE`).
   */
  readonly concurrency?: number | undefined;
  /**
   * Whether to do all work on the calling thread, one segment at a time unless `concurrency` says otherwise: for threads
   * that share out work among themselves. `false` by default.
   */
  readonly onCallingThread?: boolean | undefined;
}

const MOST_IN_FLIGHT = 64;

/** Segments up to this size deflate in one or two milliseconds, too little for two hops between threads. */
const DEFLATED_AT_ONCE = 64 * 1024;
/** Segments up to this size inflate in half a millisecond. */
const INFLATED_AT_ONCE = 256 * 1024;

/**
 * zlib returns its output in buffers of one size, with a hop between threads for each, so one should hold all of it.
 */
const LARGEST_BUFFER = 1024 * 1024 + 64;
const SMALLEST_BUFFER = 1024;

/**
 * Hardly a segment holds more than this many times its size. Of thousands of small ones whose raw size is not known, each would wait with
 * a buffer of the largest size to be collected.
 */
const MOST_GAIN = 32;

/**
 * A sync flush ends the stream without a final block, but with an empty stored one. `flush`, too, since Node gives the bytes to zlib
 * before it knows that they are the last: the output would come in two pieces, to be joined in a buffer of its own.
 */
const SYNC_FLUSH = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

const deflateInPool = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);
const inflateInPool = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw);

/**
 * The fastest codec in Node. Stores of the SQLite and file system adapters bring it; otherwise pass it to
 * `createArchiver` as `codec`. It reads archives of any other codec, and they read its archives. `INVALID_ARGUMENT` for an
 * unusable option.
 */
export function zlibCodec(options: ZlibCodecOptions = {}): Codec {
  if (typeof options !== "object" || options === null) {
    throw new ArchiverError("INVALID_ARGUMENT", "zlibCodec takes an object, such as { level: 9 }.");
  }
  const { level = 6, onCallingThread = false, concurrency = onCallingThread ? 1 : defaultConcurrency() } = options;
  checkWhole(level, "compression level", 0, 9);
  checkWhole(concurrency, "concurrency of the codec", 1, MOST_IN_FLIGHT);
  return {
    concurrency,
    deflate(raw) {
      const settings = { ...SYNC_FLUSH, level, chunkSize: bufferSize(raw.length >> 1) };
      return onCallingThread || raw.length <= DEFLATED_AT_ONCE
        ? plain(deflateRawSync(raw, settings))
        : deflateInPool(raw, settings).then((blocks) => fitted(blocks, settings.chunkSize));
    },
    async inflate(deflated, maxBytes) {
      // One byte more than allowed, as zlib accepts no limit of 0.
      const limit = maxBytes + 1;
      const settings = { chunkSize: bufferSize(Math.min(limit, deflated.length * MOST_GAIN)), maxOutputLength: limit };
      const atOnce = onCallingThread || deflated.length + maxBytes <= INFLATED_AT_ONCE;
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
  // A few more wait in the pool, so that no thread is idle while a result is written.
  return Math.min(Math.max(1, Math.min(availableParallelism(), Math.trunc(threads))) + 4, MOST_IN_FLIGHT);
}

function bufferSize(wanted: number): number {
  return Math.min(Math.max(wanted, SMALLEST_BUFFER), LARGEST_BUFFER);
}

/**
 * The bytes in an array of their size. zlib's buffer, which has room for more, is given back at once: many that waited for the garbage
 * collector would set it to work again and again. Another buffer than zlib's may be shared, and stays as it is.
 */
function fitted(bytes: Buffer, bufferSize: number): Uint8Array {
  const { buffer } = bytes;
  const blocks = plain(bytes);
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== bufferSize) return blocks;
  const copy = blocks.slice();
  buffer.transfer(0);
  return copy;
}

/** The same bytes as a plain Uint8Array, whose `slice`, unlike a Buffer's, copies. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function tooMuch(maxBytes: number, cause?: unknown): ArchiverError {
  return new ArchiverError("CORRUPT", `A segment holds more than ${maxBytes} bytes.`, { cause });
}

/** A session as one gzip stream: compressed on the way, or the archive's bytes as they are. */
import { pipeline, Readable } from "node:stream";
import { crc32, createGunzip, createGzip } from "node:zlib";
import { ArchiverError, type Bytes } from "@session-archiver/core";

/** Bytes that zlib gives out at a time; its default of 16 KiB costs a hop between threads each. */
const CHUNK_BYTES = 256 * 1024;

/** Compresses. */
export async function* gzipped(bytes: Bytes): Bytes {
  const gzip = createGzip({ chunkSize: CHUNK_BYTES });
  // A failure of the source comes out of `gzip`; one of the consumer closes the source.
  pipeline(Readable.from(bytes), gzip, () => {});
  yield* gzip as AsyncIterable<Uint8Array>;
}

/** What a gzip file has to hold. */
export interface Expected {
  readonly key: string;
  readonly storedBytes: number;
  /** Length and CRC-32 of what it inflates to. */
  readonly bytes: number;
  readonly crc32: number;
}

/** The same bytes, inflated on the side: `CORRUPT` at their end, or before, if they are not what is expected. */
export async function* checkedGzip(stored: Bytes, expected: Expected): Bytes {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const inflated = measure(gunzip as AsyncIterable<Uint8Array>);
  inflated.catch(() => {}); // looked at below
  let storedBytes = 0;
  try {
    for await (const chunk of stored) {
      storedBytes += chunk.length;
      await inflate(gunzip, chunk, expected);
      yield chunk;
    }
    gunzip.end();
    const raw = await inflated.catch((cause: unknown) => Promise.reject(damaged(expected, cause)));
    const isRight = storedBytes === expected.storedBytes && raw.bytes === expected.bytes && raw.crc === expected.crc32;
    if (!isRight) throw damaged(expected, undefined);
  } finally {
    gunzip.destroy();
  }
}

async function measure(raw: AsyncIterable<Uint8Array>): Promise<{ bytes: number; crc: number }> {
  let bytes = 0;
  let crc = 0;
  for await (const chunk of raw) {
    bytes += chunk.length;
    crc = crc32(chunk, crc);
  }
  return { bytes, crc };
}

/** Resolves when the chunk is taken. A zlib stream that fails forgets the callbacks of its writes. */
function inflate(gunzip: ReturnType<typeof createGunzip>, chunk: Uint8Array, expected: Expected): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(damaged(expected, cause));
    gunzip.once("error", fail);
    gunzip.write(chunk, (cause) => {
      gunzip.off("error", fail);
      if (cause) fail(cause);
      else resolve();
    });
  });
}

function damaged({ key }: Expected, cause: unknown): ArchiverError {
  const message = `Archive "${key}" is not what was put there: its length, its bytes or their checksum are others.`;
  return new ArchiverError("CORRUPT", message, { key, cause });
}

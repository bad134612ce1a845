/**
 * The bytes of an open file. A few of them are read or written at once: Node's thread pool would take longer, and they would wait
 * there behind the syncs of other files, and behind segments that are being compressed.
 */
import { fdatasync, fsync, read, readSync, write, writeSync } from "node:fs";
import { ArchiverError, type Range } from "@session-archiver/core/adapter";

/** Up to this many bytes take some microseconds. */
const FEW = 64 * 1024;
const READ_CHUNK = 256 * 1024;

/** Makes the file's bytes and its size durable. */
export function syncData(descriptor: number): Promise<void> {
  return inPool((done) => fdatasync(descriptor, done));
}

/** Makes all of a file or directory durable. */
export function syncAll(descriptor: number): Promise<void> {
  return inPool((done) => fsync(descriptor, done));
}

function inPool<T = void>(call: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}

/**
 * The bytes `[start, end)`. `CORRUPT` if the file ends before. The next chunk is read while the consumer has this one: later, that read would
 * wait in the thread pool behind the segments that the consumer has begun to inflate.
 */
export async function* readRange(descriptor: number, { start, end }: Range): AsyncGenerator<Uint8Array> {
  let next = readChunk(descriptor, start, end);
  try {
    for (let at = start; at < end; at += READ_CHUNK) {
      const bytes = await next;
      next = readChunk(descriptor, at + READ_CHUNK, end);
      next.catch(() => {}); // reported when its turn comes
      yield bytes;
    }
  } finally {
    await next.catch(() => {}); // it needs the descriptor until it ends
  }
}

/** No bytes from `end` on. */
async function readChunk(descriptor: number, at: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, Math.min(READ_CHUNK, end - at)));
  const filled = await fill(descriptor, bytes, at);
  if (filled < bytes.length) throw new ArchiverError("CORRUPT", `The file ends at byte ${at + filled}.`);
  return bytes;
}

async function fill(descriptor: number, bytes: Uint8Array, position: number): Promise<number> {
  for (let filled = 0; filled < bytes.length; ) {
    const left = bytes.length - filled;
    const count =
      bytes.length <= FEW
        ? readSync(descriptor, bytes, filled, left, position + filled)
        : await inPool<number>((done) => read(descriptor, bytes, filled, left, position + filled, done));
    if (count === 0) return filled;
    filled += count;
  }
  return bytes.length;
}

/** Writes all bytes, also where the system takes fewer at a time. */
export async function writeAt(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const left = bytes.length - done;
    done +=
      bytes.length <= FEW
        ? writeSync(descriptor, bytes, done, left, position + done)
        : await inPool<number>((written) => write(descriptor, bytes, done, left, position + done, written));
  }
}

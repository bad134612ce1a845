/** Sessions for the tests, and what they are compared by. */
import { crc32 } from "@session-archiver/core/format";

/** Length and CRC-32. */
export interface Sum {
  readonly bytes: number;
  readonly crc32: number;
}

export const NO_BYTES: Sum = { bytes: 0, crc32: 0 };

export function plus(sum: Sum, chunk: Uint8Array): Sum {
  return { bytes: sum.bytes + chunk.length, crc32: crc32(chunk, sum.crc32) };
}

export async function sumOf(bytes: AsyncIterable<Uint8Array>): Promise<Sum> {
  let sum = NO_BYTES;
  for await (const chunk of bytes) sum = plus(sum, chunk);
  return sum;
}

/** Lines that can't be compressed. */
export async function* noise(bytes: number): AsyncGenerator<Uint8Array> {
  const size = 64 * 1024;
  for (let made = 0; made < bytes; made += size) {
    const chunk = crypto.getRandomValues(new Uint8Array(Math.min(size, bytes - made)));
    for (let i = 127; i < chunk.length; i += 128) chunk[i] = 10;
    yield chunk;
  }
}

/** Many lines a chunk: each chunk costs some turns. */
export async function* inChunks(lines: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let batch: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const take = (): Promise<Uint8Array> => {
    const blob = new Blob(batch);
    batch = [];
    size = 0;
    return blob.bytes();
  };
  for (const line of lines) {
    batch.push(line as Uint8Array<ArrayBuffer>);
    size += line.length;
    if (size > 256 * 1024) yield await take();
  }
  yield await take();
}

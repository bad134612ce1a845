/** Compares and checks streams of bytes. */
import { crc32 } from "node:zlib";
import type { Archiver, Bytes, OpOptions } from "@session-archiver/core";

/** Whether both streams give the same bytes and end at the same place. */
export async function sameBytes(left: Bytes, right: Bytes): Promise<boolean> {
  const others = right[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  try {
    for await (let chunk of left) {
      while (chunk.length > 0) {
        if (rest.length === 0) {
          const next = await others.next();
          if (next.done) return false;
          rest = next.value;
          continue;
        }
        const length = Math.min(chunk.length, rest.length);
        if (Buffer.compare(chunk.subarray(0, length), rest.subarray(0, length)) !== 0) return false;
        chunk = chunk.subarray(length);
        rest = rest.subarray(length);
      }
    }
    while (rest.length === 0) {
      const next = await others.next();
      if (next.done) return true;
      rest = next.value;
    }
    return false;
  } finally {
    await others.return?.();
  }
}

export interface Sum {
  readonly size: number;
  readonly crc32: number;
}

/** How many bytes the stream gives, and their CRC-32. */
export async function sumOf(bytes: Bytes): Promise<Sum> {
  let size = 0;
  let crc = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    crc = crc32(chunk, crc);
  }
  return { size, crc32: crc };
}

/** Reads the archive: whether the session's file begins with these bytes. */
export async function isArchived(
  archiver: Pick<Archiver, "read">,
  id: string,
  name: string,
  expected: Sum,
  op: OpOptions,
): Promise<boolean> {
  const range = { start: 0, end: expected.size };
  const sum = await sumOf(archiver.read(id, { name, range, ...op }));
  return sum.size === expected.size && sum.crc32 === expected.crc32;
}

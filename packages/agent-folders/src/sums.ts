/** Sums of streams of bytes, and whether the archive holds what a sum is of. */
import { crc32 } from "node:zlib";
import type { Archiver, Bytes, OpOptions } from "@session-archiver/core";

export interface Sum {
  readonly size: number;
  readonly crc32: number;
}

export function isSameSum(a: Sum, b: Sum): boolean {
  return a.size === b.size && a.crc32 === b.crc32;
}

/** How many bytes the stream gives, and their CRC-32; with `before`, the sum of those and of the stream behind them. */
export async function sumOf(bytes: Bytes, before: Sum = { size: 0, crc32: 0 }): Promise<Sum> {
  let { size, crc32: crc } = before;
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
  return isSameSum(await sumOf(archiver.read(id, { name, range, ...op })), expected);
}

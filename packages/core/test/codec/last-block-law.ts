/** What must be true of the last block that is found in a stream that zlib wrote. */
import { deflateRawSync, inflateRawSync, type ZlibOptions, constants as zlib } from "node:zlib";
import fc from "fast-check";
import { expect } from "vitest";
import { lastBlockFinder, PEEK_BYTES } from "../../src/codec/last-block.js";

const find = lastBlockFinder();

/** Everything that changes how zlib cuts its blocks. */
export const settings: fc.Arbitrary<ZlibOptions> = fc.record({
  level: fc.constantFrom(0, 1, 6, 9),
  memLevel: fc.constantFrom(1, 8, 9),
  strategy: fc.constantFrom(zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE),
});

export function checkLastBlock(raw: Uint8Array, options: ZlibOptions): void {
  const stream = deflateRawSync(raw, options);
  const room = new Uint8Array(stream.length + PEEK_BYTES).fill(0xff);
  room.set(stream);
  const { start, end } = find(room.subarray(0, stream.length));
  expect(Math.ceil(end / 8)).toBe(stream.length);
  // Called the first of more, it lets those be read that follow.
  const byte = start >> 3;
  room[byte] = (room[byte] ?? 0) ^ (1 << (start & 7));
  const stored = Math.ceil((end + 3) / 8);
  const more = Buffer.concat([room.subarray(0, stream.length), Buffer.alloc(5)]).subarray(0, stored);
  const whole = inflateRawSync(Buffer.concat([more, Buffer.of(0, 0, 255, 255, 1, 1, 0, 254, 255, 42)]));
  expect(whole.equals(Buffer.concat([raw, Buffer.of(42)]))).toBe(true);
}

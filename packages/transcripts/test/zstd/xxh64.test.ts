import { frame } from "@session-archiver/test-kit/zstd";
import fc from "fast-check";
import { expect, test } from "vitest";
import { xxh64 } from "../../src/zstd/xxh64.js";

/** As zstd itself writes it at the end of a frame. */
const known = (bytes: Uint8Array): number => frame(bytes, { checksum: true }).readUInt32LE(frame(bytes).length);

function sumOf(bytes: Uint8Array, pieces: readonly number[]): number {
  const sum = xxh64();
  let at = 0;
  for (const size of pieces) {
    sum.add(bytes.subarray(at, at + size));
    at += size;
  }
  sum.add(bytes.subarray(at));
  return sum.low32();
}

test("is zstd's checksum, for every length and however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(40)), (bytes, pieces) => {
      expect(sumOf(bytes, pieces)).toBe(known(bytes));
    }),
    { numRuns: 500 },
  );
  const long = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 2_654_435_761) >>> 24);
  expect(sumOf(long, [1, 31, 32, 33, 500_000])).toBe(known(long));
});

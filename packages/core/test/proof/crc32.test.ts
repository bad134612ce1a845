/** Checksums of more than 4 GiB, put together out of those of their parts. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { combineCrc32, crc32 } from "../../src/format.js";

test("combines over lengths beyond 2^32", () => {
  const piece = new Uint8Array(1 << 20);
  let whole = 0;
  let combined = 0;
  let length = 0;
  const pieceCrc = crc32(piece);
  for (let doubling = 0; doubling < 13; doubling++) {
    const half = doubling === 0 ? pieceCrc : combined;
    const halfLength = doubling === 0 ? piece.length : length;
    combined = combineCrc32(half, half, halfLength);
    length = halfLength * 2;
  }
  for (let i = 0; i < length / piece.length; i++) whole = zlibCrc32(piece, whole);
  expect(length).toBeGreaterThan(2 ** 32);
  expect(combined).toBe(whole);
});

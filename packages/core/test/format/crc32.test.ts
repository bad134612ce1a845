import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slicedCrc32 } from "../../src/format/crc32.js";
import { combineCrc32, crc32 } from "../../src/format.js";

describe("crc32", () => {
  test("is what Node's own gives, on both sides of the length from which that is used", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) & 0xff);
    for (const length of [0, 1, 255, 256, 257, 1000]) {
      for (const before of [0, 0xdeadbeef]) {
        expect(crc32(bytes.subarray(0, length), before)).toBe(zlibCrc32(bytes.subarray(0, length), before));
      }
    }
  });

  test("is Node's own for what is long: several times as fast as the other", () => {
    const long = new Uint8Array(4 * 1024 * 1024);
    const timeOf = (work: (bytes: Uint8Array) => number): number => {
      work(long); // warm
      const start = process.cpuUsage().user;
      for (let round = 0; round < 5; round++) work(long);
      return process.cpuUsage().user - start;
    };
    expect(timeOf(crc32)).toBeLessThan(timeOf(slicedCrc32));
  });

  test("is zlib's elsewhere too, whole and continued", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (a, b) => {
        expect(slicedCrc32(a)).toBe(zlibCrc32(a));
        expect(slicedCrc32(b, slicedCrc32(a))).toBe(zlibCrc32(Buffer.concat([a, b])));
        expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(zlibCrc32(Buffer.concat([a, b])));
      }),
    );
  });

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
});

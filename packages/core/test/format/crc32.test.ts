/** Checksums, whole, continued and combined. */
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

  test("combines over lengths beyond 2^32, in whatever order", () => {
    // A sum of what is longer than 2^32 can't be had in moments (see proof/crc32.test.ts); that it is one can be seen.
    const [a, b, c] = [crc32(Uint8Array.of(1)), crc32(Uint8Array.of(2)), crc32(Uint8Array.of(3))];
    const long = 2 ** 31 + 12_345;
    expect(combineCrc32(combineCrc32(a, b, long), c, long)).toBe(
      combineCrc32(a, combineCrc32(b, c, long), long + long),
    );
  });
});

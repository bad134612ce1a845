/** The codec that runs everywhere: its blocks are what zlib reads, and it inflates no more than allowed. */
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fflateCodec } from "../../src/index.js";
import { runs } from "../fuzz.js";

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  // Repetitive data, whose deflate blocks end at all bit positions.
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 })).map(([unit, times]) => {
    const whole = new Uint8Array(unit.length * times);
    for (let i = 0; i < times; i++) whole.set(unit, i * unit.length);
    return whole;
  }),
);

const codec = fflateCodec();
const deflate = async (raw: Uint8Array): Promise<Uint8Array> => codec.deflate(raw);
const FINAL = Uint8Array.of(3, 0);

describe("the fflate codec", () => {
  test("makes blocks that zlib reads alone and one after the other", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (a, b) => {
        const [first, second] = [await deflate(a), await deflate(b)];
        expect(inflateRawSync(Buffer.concat([first, FINAL])).equals(a)).toBe(true);
        expect(inflateRawSync(Buffer.concat([first, second, FINAL])).equals(Buffer.concat([a, b]))).toBe(true);
      }),
      runs(100),
    );
  });

  test("ends on an empty stored block, for every bit position", async () => {
    for (let length = 0; length < 600; length++) {
      const blocks = await deflate(new Uint8Array(length).map((_, i) => (i * 7) % 251));
      expect([...blocks.subarray(-4)]).toEqual([0, 0, 0xff, 0xff]);
    }
  });

  test("inflates what it deflated, and no more than allowed", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (raw) => {
        const stream = Buffer.concat([await deflate(raw), FINAL]);
        expect(await codec.inflate(stream, raw.length)).toEqual(raw);
        if (raw.length > 0) expect(() => codec.inflate(stream, raw.length - 1)).toThrow(/more than/);
      }),
      runs(60),
    );
  });

  test("a bomb is refused in the memory it claims", async () => {
    const zeros = Buffer.concat([await deflate(new Uint8Array(16 * 1024 * 1024)), FINAL]);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => codec.inflate(zeros, 1024 * 1024)).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  test("other bytes are CORRUPT", () => {
    for (const bad of [Uint8Array.of(7), Uint8Array.of(0xff, 0xff, 0xff), Uint8Array.of(5, 0xe0, 0x81)]) {
      expect(() => codec.inflate(bad, 100)).toThrow(expect.objectContaining({ code: "CORRUPT" }));
    }
  });
});

/** What must be true of every codec beside every other, on any platform. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type Codec, concat, fflateCodec } from "../../src/index.js";

const FINAL = Uint8Array.of(3, 0);
const EMPTY_STORED = [0, 0, 0xff, 0xff];
const MIB = 1024 * 1024;

export const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  // Repetitive data, whose deflate blocks end at all bit positions.
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 }))
    .map(([unit, times]) => concat(Array.from({ length: times }, () => unit))),
);

/** Of several deflate blocks: text, and stretches that can't be compressed. */
export const manyBlocks: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 400_000 }))
  .map(([seed, length]) => {
    let state = seed | 1;
    return new Uint8Array(length).map((_, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const stretch = (i >> 15) % 3;
      return stretch === 2 ? state >>> 24 : 97 + ((state >>> 28) % (stretch === 0 ? 3 : 14));
    });
  });

/** A deflate stream out of segments: the end is `format/`'s affair. */
export function ended(...blocks: readonly Uint8Array[]): Uint8Array {
  return concat([...blocks, FINAL]);
}

export async function outcome(codec: Codec, deflated: Uint8Array, maxBytes: number): Promise<Uint8Array | string> {
  try {
    return await codec.inflate(deflated, maxBytes);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/**
 * Registers the tests. A strict codec may refuse what fflate lets pass, such as a stored block's wrong check of its length.
 * `share`: of the random cases, so that a quick run takes few.
 */
export function testCodecs(codecs: Readonly<Record<string, Codec>>, strict: readonly string[] = [], share = 1): void {
  const runs = (count: number): { readonly numRuns: number } => ({ numRuns: Math.ceil(count * share) });
  const entries = Object.entries(codecs);
  const pairs = entries.flatMap(([to, writer]) => entries.map(([from, reader]) => ({ to, writer, from, reader })));

  test.each(pairs)("$from reads what $to writes, one segment or several", async ({ writer, reader }) => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (a, b) => {
        const [first, second] = [await writer.deflate(a), await writer.deflate(b)];
        expect(await reader.inflate(ended(first), a.length)).toEqual(a);
        expect(await reader.inflate(ended(first, second), a.length + b.length)).toEqual(concat([a, b]));
      }),
      runs(200),
    );
    await fc.assert(
      fc.asyncProperty(manyBlocks, async (raw) => {
        const back = await reader.inflate(ended(await writer.deflate(raw)), raw.length);
        expect(back.length === raw.length && back.every((byte, i) => byte === raw[i])).toBe(true);
      }),
      runs(30),
    );
  });

  describe.each(entries)("%s", (name, codec) => {
    const deflated = async (length: number): Promise<Uint8Array> =>
      codec.deflate(new Uint8Array(length).map((_value, i) => (i * 7) % 251));

    test("ends on an empty stored block, for every bit position", async () => {
      for (let length = 0; length < 600; length++) {
        expect([...(await deflated(length)).subarray(-4)]).toEqual(EMPTY_STORED);
      }
    });

    test("leaves what it is given as it was", async () => {
      const raw = new Uint8Array(3000).map((_value, i) => i % 50);
      const before = raw.slice();
      const stream = ended(await codec.deflate(raw));
      const streamBefore = stream.slice();
      await codec.inflate(stream, raw.length);
      expect([raw, stream]).toEqual([before, streamBefore]);
    });

    test("inflates no more than allowed", async () => {
      for (const length of [1, 2, 500, 100_000]) {
        const stream = ended(await deflated(length));
        expect(await codec.inflate(stream, length)).toHaveLength(length);
        await expect((async () => codec.inflate(stream, length - 1))()).rejects.toMatchObject({
          code: "CORRUPT",
          message: expect.stringMatching(/more than/),
        });
      }
    });

    test("ignores what follows the final block", async () => {
      const stream = concat([ended(await deflated(50_000)), new Uint8Array(100_000).fill(7)]);
      expect(await codec.inflate(stream, 50_000)).toHaveLength(50_000);
    });

    test("a stream that is cut short or never ended is CORRUPT", async () => {
      const blocks = await deflated(5000);
      for (let length = 0; length <= blocks.length; length++) {
        expect(await outcome(codec, blocks.subarray(0, length), 5000)).toBe("CORRUPT");
      }
    });

    test("makes of any other bytes what fflate makes of them", async () => {
      const stream = ended(await deflated(5000));
      const reference = fflateCodec();
      const changes = fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
      const forged = changes.map((list) => {
        const copy = stream.slice();
        for (const [at, byte] of list) copy[at] = byte;
        return copy;
      });
      await fc.assert(
        fc.asyncProperty(fc.oneof(forged, fc.uint8Array({ maxLength: 60 })), async (bad) => {
          const made = await outcome(codec, bad, 6000);
          if (made === "CORRUPT" && strict.includes(name)) return;
          expect(made).toEqual(await outcome(reference, bad, 6000));
        }),
        runs(500),
      );
    });
  });
}

/** Only of codecs on the platform's streams: how much of a bomb they hand over before they give up. */
export function testBombOf(codec: Codec): void {
  test("a bomb is refused before much of it is inflated", async () => {
    const zeros = await codec.deflate(new Uint8Array(8 * MIB));
    const bomb = ended(...Array.from({ length: 32 }, () => zeros));
    const write = vi.spyOn(WritableStreamDefaultWriter.prototype, "write");
    try {
      expect(await outcome(codec, bomb, MIB)).toBe("CORRUPT");
      const written = write.mock.calls.reduce((sum, [chunk]) => sum + (chunk as Uint8Array).length, 0);
      expect(write).toHaveBeenCalled();
      expect(written).toBeLessThanOrEqual(bomb.length / 3);
    } finally {
      write.mockRestore();
    }
  });
}

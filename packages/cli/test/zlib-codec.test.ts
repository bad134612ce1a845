import { type Codec, concat, crc32, fflateCodec } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zlibCodec } from "../src/zlib-codec.js";

const codecs: readonly (readonly [string, Codec, Codec])[] = [
  ["zlib to zlib", zlibCodec(), zlibCodec()],
  ["zlib to fflate", zlibCodec(), fflateCodec()],
  ["fflate to zlib", fflateCodec(), zlibCodec()],
];

/** A deflate stream out of segments: the end is `format/`'s affair. */
function ended(...blocks: readonly Uint8Array[]): Uint8Array {
  return concat([...blocks, Uint8Array.of(3, 0)]);
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.tuple(fc.constantFrom("a", '{"x":1}\n'), fc.nat(5000)).map(([text, times]) => Buffer.from(text.repeat(times))),
);

it("brings a CRC that is core's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (a, b) => {
      const crc = zlibCodec().crc32;
      expect(crc?.(b, crc(a))).toBe(crc32(b, crc32(a)));
    }),
  );
});

describe("segments", () => {
  it.each(codecs)("come back as they were: %s", async (_, to, from) => {
    await fc.assert(
      fc.asyncProperty(bytes, async (raw) => {
        const blocks = await to.deflate(raw);
        expect([...blocks.slice(-4)]).toEqual([0, 0, 0xff, 0xff]);
        expect(Buffer.from(await from.inflate(ended(blocks), raw.length)).equals(raw)).toBe(true);
      }),
    );
  });

  it("follow one another", async () => {
    const codec = zlibCodec();
    const [a, b] = [Buffer.from("first "), Buffer.from("second")];
    const both = concat([ended(await codec.deflate(a), await codec.deflate(b)), Buffer.from("ignored")]);
    expect(Buffer.from(await codec.inflate(both, 100)).toString()).toBe("first second");
  });

  it("that are cut, changed or too long are CORRUPT", async () => {
    const codec = zlibCodec();
    const raw = Buffer.from('{"some":"text"}\n'.repeat(500));
    const blocks = await codec.deflate(raw);
    for (const cut of [0, 1, 5, 10, blocks.length >> 1, blocks.length]) {
      await expect(codec.inflate(blocks.subarray(0, cut), raw.length)).rejects.toMatchObject({ code: "CORRUPT" });
    }
    await expect(codec.inflate(Buffer.from([7, 7, 7]), 100)).rejects.toMatchObject({ code: "CORRUPT" });
    await expect(codec.inflate(ended(blocks), raw.length - 1)).rejects.toMatchObject({
      code: "CORRUPT",
      message: expect.stringContaining("more than"),
    });
  });
});

/** How a session is cut into segments. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentsOf } from "../../src/format/segmenter.js";
import { type Bytes, bytesOf } from "../../src/index.js";
import { encode } from "../support.js";

const text = fc
  .string({ unit: fc.constantFrom("a", "\n", " ", "{}", "é", "x".repeat(50)), maxLength: 400 })
  .map(encode);

function cut(bytes: Uint8Array, size: number): Bytes {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return bytesOf(...chunks);
}

async function pieces(stream: Bytes, limit: number): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const segment of segmentsOf(stream, limit)) all.push(segment.slice());
  return all;
}

test("are the input, at most as long as allowed, the same for any chunking, and end lines where they can", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 100 }),
      async (bytes, limit, chunk) => {
        const segments = await pieces(cut(bytes, chunk), limit);
        expect(Buffer.concat(segments).equals(bytes)).toBe(true);
        expect(segments).toEqual(await pieces(cut(bytes, 1000), limit));
        for (const segment of segments.slice(0, -1)) {
          expect(segment.length).toBeLessThanOrEqual(limit);
          if (segment.includes(10)) expect(segment.at(-1)).toBe(10);
        }
      },
    ),
  );
});

test("are the same when their arrays are used again", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "cd"), maxLength: 300 }).map(encode);
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 60 }),
      async (bytes, limit, size) => {
        const spare: Uint8Array[] = [];
        const reused: Uint8Array[] = [];
        for await (const segment of segmentsOf(cut(bytes, size), limit, spare)) {
          reused.push(segment.slice());
          if (segment.buffer.byteLength === limit) spare.push(new Uint8Array(segment.buffer).fill(0));
        }
        expect(reused).toEqual(await pieces(cut(bytes, size), limit));
      },
    ),
  );
});

test("a short session takes no array of a whole segment", async () => {
  const short = encode("{}\n".repeat(1000));
  const segments = await Array.fromAsync(segmentsOf(bytesOf(short)));
  expect(segments.map(({ buffer }) => buffer.byteLength)).toEqual([short.length]);
});

test("the stream may use its array again for each chunk", async () => {
  async function* reused(bytes: Uint8Array, size: number): Bytes {
    const chunk = new Uint8Array(size);
    for (let at = 0; at < bytes.length; at += size) {
      const part = bytes.subarray(at, at + size);
      chunk.set(part);
      yield chunk.subarray(0, part.length);
      chunk.fill(7);
    }
  }
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 100 }),
      async (bytes, limit, size) => {
        expect(await pieces(reused(bytes, size), limit)).toEqual(await pieces(cut(bytes, 1000), limit));
      },
    ),
  );
});

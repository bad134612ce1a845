/** How a session is cut into segments. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentsOf } from "../../src/format/segmenter.js";
import { type Bytes, bytesOf } from "../../src/index.js";
import { encode } from "../support.js";

const text = fc
  .string({ unit: fc.constantFrom("a", "\n", " ", "{}", "é", "x".repeat(50)), maxLength: 400 })
  .map(encode);

async function pieces(bytes: Uint8Array, limit: number, chunk: number): Promise<Uint8Array[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const all: Uint8Array[] = [];
  for await (const segment of segmentsOf(bytesOf(...chunks), limit)) all.push(segment.slice());
  return all;
}

test("are the input, at most as long as allowed, the same for any chunking, and end lines where they can", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 100 }),
      async (bytes, limit, chunk) => {
        const segments = await pieces(bytes, limit, chunk);
        expect(Buffer.concat(segments).equals(bytes)).toBe(true);
        expect(segments).toEqual(await pieces(bytes, limit, 1000));
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
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const plain: string[] = [];
        for await (const segment of segmentsOf(bytesOf(...chunks), limit)) plain.push(Buffer.from(segment).toString());
        const spare: Uint8Array[] = [];
        const reused: string[] = [];
        for await (const segment of segmentsOf(bytesOf(...chunks), limit, spare)) {
          reused.push(Buffer.from(segment).toString());
          if (segment.buffer.byteLength !== limit || chunks.some(({ buffer }) => buffer === segment.buffer)) continue;
          spare.push(new Uint8Array(segment.buffer).fill(0));
        }
        expect(reused).toEqual(plain);
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
        const segments: Uint8Array[] = [];
        for await (const segment of segmentsOf(reused(bytes, size), limit)) segments.push(segment.slice());
        expect(segments).toEqual(await pieces(bytes, limit, 1000));
      },
    ),
  );
});

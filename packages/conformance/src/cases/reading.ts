/** What blobs.read and archives.read give. */
import type { ByteRange } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, equalBytes, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { BUCKETS, type Bucket, type BucketKind } from "../support/bucket.js";
import { concat, KIB, LARGE, MIB, noise, toBytes } from "../support/data.js";

const test = about("Reading");

/** The suite's limit for "chunks of bounded size". */
const MAX_CHUNK = 4 * MIB;

const INVALID_RANGES: readonly ByteRange[] = [
  { start: -1 },
  { start: -5, end: 5 },
  { start: 0, end: -1 },
  { start: 0.5 },
  { start: 0, end: 1.5 },
  { start: Number.NaN },
  { start: 0, end: Number.NaN },
  { start: 5, end: 4 },
  { start: 5000, end: 4000 },
];

async function checkRange(
  bucket: Bucket,
  name: string,
  bytes: Uint8Array,
  range: ByteRange | undefined,
): Promise<void> {
  const expected = bytes.subarray(range?.start ?? 0, range?.end ?? bytes.length);
  equalBytes(await toBytes(bucket.read(name, range)), expected, `read(${JSON.stringify(range)})`);
}

/** Both ends of the data, of typical chunks, and a byte to each side of them. */
function edges(size: number): number[] {
  const around = [0, 1, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, size];
  return [...new Set(around.flatMap((at) => [at - 1, at, at + 1]))].filter((at) => at >= 0);
}

function casesOf({ port, open }: BucketKind): readonly Case[] {
  const read = `${port}.read`;
  const filled = async (bucket: Bucket, size: number): Promise<Uint8Array> => {
    const bytes = noise(size);
    await bucket.write("a", pieces(bytes, 100_000));
    return bytes;
  };
  return [
    test([port], `${read}: every range of a few bytes is exactly those bytes`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, 5);
      await checkRange(bucket, "a", bytes, undefined);
      for (let start = 0; start <= 7; start++) {
        if (start <= 5) await checkRange(bucket, "a", bytes, { start });
        for (let end = start; end <= 7; end++) await checkRange(bucket, "a", bytes, { start, end });
      }
    }),

    test([port], `${read}: ranges of large bytes are exact at every boundary`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, LARGE);
      for (const start of edges(LARGE)) {
        await checkRange(bucket, "a", bytes, { start, end: start + 3 });
        await checkRange(bucket, "a", bytes, { start, end: Math.min(start + 70_000, LARGE + 5) });
      }
      await checkRange(bucket, "a", bytes, { start: 100, end: LARGE - 100 });
      await checkRange(bucket, "a", bytes, { start: 1, end: Number.MAX_SAFE_INTEGER });
    }),

    test([port], `${read}: empty ranges, ranges past the end and empty entries give nothing`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, 1000);
      for (const start of [0, 500, 1000, 1001, 10 ** 12]) await checkRange(bucket, "a", bytes, { start, end: start });
      await checkRange(bucket, "a", bytes, { start: 1000 });
      await checkRange(bucket, "a", bytes, { start: 2000, end: 3000 });
      await bucket.write("empty", pieces(noise(0), 1));
      for (const range of [undefined, { start: 0 }, { start: 0, end: 10 }, { start: 5, end: 9 }]) {
        await checkRange(bucket, "empty", noise(0), range);
      }
    }),

    test([port], `${read}: a negative, fractional or reversed range is INVALID_ARGUMENT`, async (subject) => {
      const bucket = open(subject);
      await filled(bucket, 1000);
      for (const range of INVALID_RANGES) {
        const what = `read from ${range.start} to ${range.end}`;
        await rejects("INVALID_ARGUMENT", what, () => toBytes(bucket.read("a", range)));
      }
    }),

    test([port], `${read}: large bytes come in chunks of bounded size`, async (subject) => {
      const bucket = open(subject);
      await filled(bucket, LARGE);
      for await (const chunk of bucket.read("a")) {
        check(chunk instanceof Uint8Array, "a chunk must be a Uint8Array.");
        check(chunk.length <= MAX_CHUNK, `a chunk has ${chunk.length} bytes: more than ${MAX_CHUNK}.`);
      }
    }),

    test([port], `${read}: chunks may be kept while reading goes on`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, LARGE);
      const kept: Uint8Array[] = [];
      for await (const chunk of bucket.read("a")) kept.push(chunk);
      equalBytes(concat(kept), bytes, "the chunks, kept to the end");
    }),

    test([port], `${read}: chunks may be transferred elsewhere while reading goes on`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, LARGE);
      for (const range of [undefined, { start: 1000, end: MIB }]) {
        let left = (range?.end ?? bytes.length) - (range?.start ?? 0);
        for await (const { buffer, length } of bucket.read("a", range)) {
          left -= length;
          check(left >= 0, "Once its chunks were transferred, the read gives more bytes than there are.");
          // Of a buffer that holds more, the store may still need the rest.
          if (buffer instanceof ArrayBuffer && buffer.byteLength === length)
            structuredClone(buffer, { transfer: [buffer] });
        }
        equal(left, 0, "bytes that are missing");
      }
      await checkRange(bucket, "a", bytes, undefined);
    }),

    test([port], `${read}: changing the chunks doesn't reach the store`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, MIB);
      for await (const chunk of bucket.read("a")) chunk.fill(0xee);
      for await (const chunk of bucket.read("a", { start: 1000, end: 2000 })) chunk.fill(0xdd);
      await checkRange(bucket, "a", bytes, undefined);
    }),

    test([port], `${read}: many may read at once, and leave early`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, MIB);
      for await (const chunk of bucket.read("a")) {
        equalBytes(chunk, bytes.subarray(0, chunk.length), "the first chunk");
        break;
      }
      const ranges = [0, 1, 300_000, 700_000].map((start) => ({ start, end: start + 340_000 }));
      await Promise.all(ranges.map((range) => checkRange(bucket, "a", bytes, range)));
      await bucket.remove("a");
      equal(await bucket.stat("a"), undefined, "stat after the delete");
    }),

    test(
      [port],
      `${read}: NOT_FOUND if the entry is absent or was deleted, also for an empty range`,
      async (subject) => {
        const bucket = open(subject);
        for (const range of [undefined, { start: 0, end: 0 }]) {
          await rejects("NOT_FOUND", "read of what never was", () => toBytes(bucket.read("a", range)), { key: "a" });
          await filled(bucket, 1000);
          await bucket.remove("a");
          await rejects("NOT_FOUND", "read of what was deleted", () => toBytes(bucket.read("a", range)), { key: "a" });
        }
      },
    ),

    test([port], `${read}: bytes deleted half-way come to their end or NOT_FOUND, never cut short`, async (subject) => {
      const bucket = open(subject);
      const bytes = await filled(bucket, LARGE);
      const reader = bucket.read("a")[Symbol.asyncIterator]();
      const first = await reader.next();
      check(!first.done, "there must be a first chunk.");
      await bucket.remove("a");
      const rest = { [Symbol.asyncIterator]: () => reader };
      const result = await toBytes(rest).catch(async (error: unknown) => {
        await rejects("NOT_FOUND", "the rest of what was deleted", () => Promise.reject(error));
      });
      if (result) equalBytes(result, bytes.subarray(first.value.length), "the rest");
    }),
  ];
}

export const readingCases: readonly Case[] = BUCKETS.flatMap(casesOf);

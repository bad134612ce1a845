/** What blobs.create and archives.put do with the bytes they get. */
import { about, type Case } from "../case.js";
import { check, equal, equalBytes } from "../support/assert.js";
import { pieces, plainIterator, reusing, strict, watched } from "../support/bodies.js";
import { BUCKETS, type BucketKind, holdsOnly, isAbsent } from "../support/bucket.js";
import { KIB, LARGE, MIB, noise, toBytes } from "../support/data.js";

const test = about("Writing: bodies");

function casesOf({ port, write, open }: BucketKind): readonly Case[] {
  return [
    test([port], `${write}: an empty body makes an empty entry`, async (subject) => {
      const bucket = open(subject);
      equal((await bucket.write("a", pieces(noise(0), 1))).size, 0, "size");
      await holdsOnly(bucket, "a", noise(0));
    }),

    test([port], `${write}: large bytes come back, whatever the size of the chunks`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(LARGE);
      for (const size of [LARGE, 64 * KIB, 1_000_003]) {
        equal((await bucket.write("a", pieces(bytes, size))).size, LARGE, "size");
        await holdsOnly(bucket, "a", bytes);
        await bucket.remove("a");
      }
    }),

    test([port], `${write}: thousands of tiny chunks keep their order`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(10_000);
      await bucket.write("a", pieces(bytes, 3));
      await holdsOnly(bucket, "a", bytes);
    }),

    test([port], `${write}: empty chunks are nothing, wherever they come`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(100 * KIB);
      const none = new Uint8Array(0);
      await bucket.write(
        "a",
        (async function* () {
          yield none;
          for await (const piece of pieces(bytes, 7 * KIB)) yield* [piece, none, none];
        })(),
      );
      await holdsOnly(bucket, "a", bytes);
    }),

    test([port], `${write}: the body may reuse its array for each chunk`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(1_500_000);
      await bucket.write("a", reusing(bytes, 64 * KIB));
      await holdsOnly(bucket, "a", bytes);
    }),

    test([port], `${write}: chunks may be parts of larger arrays, and any kind of Uint8Array`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(300);
      class Special extends Uint8Array {}
      const padded = new Uint8Array(400);
      padded.set(bytes.subarray(200), 150);
      await bucket.write(
        "a",
        (async function* () {
          yield bytes.subarray(0, 100);
          yield new Special(bytes.subarray(100, 200));
          yield padded.subarray(150, 250);
        })(),
      );
      await holdsOnly(bucket, "a", bytes);
    }),

    test([port], `${write}: the body may be an iterator with nothing but next`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(100 * KIB);
      await bucket.write("a", plainIterator(pieces(bytes, 10 * KIB)));
      await holdsOnly(bucket, "a", bytes);
    }),

    test([port], `${write}: one chunk is asked for at a time, and none after the end`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(100 * KIB);
      await bucket.write("a", strict(pieces(bytes, 10 * KIB)));
      await holdsOnly(bucket, "a", bytes);
    }),

    test(
      [port],
      `${write}: nothing is visible until the body has ended, and other calls are served`,
      async (subject) => {
        const bucket = open(subject);
        const bytes = noise(2_000_000);
        await bucket.write("other", pieces(bytes, MIB));
        await bucket.write(
          "a",
          watched(bytes, 512 * KIB, async (taken) => {
            check(await isAbsent(bucket, "a"), `after ${taken} chunks of the body the entry is visible already.`);
            equalBytes(
              await toBytes(bucket.read("other", { start: 5, end: 10 })),
              bytes.subarray(5, 10),
              "another entry",
            );
          }),
        );
        await bucket.remove("other");
        await holdsOnly(bucket, "a", bytes);
      },
    ),

    test([port], `${write}: a body may be read from the same store`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(3_000_000);
      await bucket.write("source", pieces(bytes, 64 * KIB));
      await bucket.write("copy", bucket.read("source"));
      equalBytes(await toBytes(bucket.read("copy")), bytes, "the copy");
    }),
  ];
}

export const bodyCases: readonly Case[] = BUCKETS.flatMap(casesOf);

/**
 * blobs.create and archives.put never overwrite, whatever the size: some stores take a long body by another way than a short one,
 * and forget there what they were asked.
 */
import type { Bytes } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, oneWins, rejects } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { BUCKETS, type Bucket, type BucketKind } from "../support/bucket.js";
import { all, MIB, noise } from "../support/data.js";
import { meeting } from "../support/meeting.js";

const test = about("Writing: create-only, large bodies");

/** Above 16 MiB, to which stores take a body in one piece. The whole of it is never in the suite's memory. */
const LARGE = { chunks: 17, bytes: MIB } as const;
/** As large, of many chunks. */
const MANY = { chunks: 4352, bytes: 4096 } as const;
const SHAPES = [
  ["over 16 MiB", LARGE],
  ["of thousands of chunks", MANY],
] as const;

interface Shape {
  readonly chunks: number;
  readonly bytes: number;
}

/** The same bytes for a shape and seed. `atEnd` runs before the body ends. */
async function* body({ chunks, bytes }: Shape, seed: number, atEnd: () => Promise<unknown> = async () => {}): Bytes {
  for (let n = 0; n < chunks; n++) yield noise(bytes, seed * 10_000 + n);
  await atEnd();
}

/** Fails unless the entry is wholly this body. Compares chunk by chunk. */
async function isWholly(bucket: Bucket, name: string, expected: Bytes, size: number): Promise<void> {
  equal((await bucket.stat(name))?.size, size, "stat: size");
  equal((await all(bucket.names())).filter((listed) => listed === name).length, 1, "times it is listed");
  const rest = expected[Symbol.asyncIterator]();
  let wanted: Uint8Array = new Uint8Array();
  let at = 0;
  for await (const chunk of bucket.read(name)) {
    for (let from = 0; from < chunk.length; ) {
      if (wanted.length === 0) wanted = (await rest.next()).value ?? new Uint8Array();
      const length = Math.min(wanted.length, chunk.length - from);
      check(length > 0, `the bytes go on behind ${at + from}, where they should end.`);
      for (let n = 0; n < length; n++) {
        if (chunk[from + n] !== wanted[n]) check(false, `byte ${at + from + n} is not the winner's.`);
      }
      wanted = wanted.subarray(length);
      from += length;
    }
    at += chunk.length;
  }
  equal(at, size, "number of bytes");
}

function casesOf({ port, write, open }: BucketKind): readonly Case[] {
  const small = noise(1000);
  return [
    ...SHAPES.flatMap(([what, shape]) => [
      test(
        [port],
        `${write}: a body ${what} is CONFLICT if the entry is there, which stays as it is`,
        async (subject) => {
          const bucket = open(subject);
          await bucket.write("a", pieces(small, 100));
          await rejects("CONFLICT", "the second write", () => bucket.write("a", body(shape, 1)));
          await isWholly(bucket, "a", pieces(small, 100), small.length);
        },
      ),

      test([port], `${write}: a body ${what} is CONFLICT if the entry was made while it was read`, async (subject) => {
        const bucket = open(subject);
        // Through a bucket of its own: the other one must not forget what it wrote.
        const other = open(subject);
        let isMade = false;
        const late = async (): Promise<void> => {
          await other.write("a", pieces(small, 100));
          isMade = true;
        };
        await rejects("CONFLICT", "the write", () => bucket.write("a", body(shape, 1, late)));
        check(isMade, "the body must be read to its end before the write is refused: nothing was there until then.");
        await isWholly(other, "a", pieces(small, 100), small.length);
      }),
    ]),

    test(
      [port],
      `${write}: of two bodies over 16 MiB that end at once exactly one succeeds, wholly`,
      async (subject) => {
        const [one, two] = [open(subject), open(subject)];
        const meet = meeting(2);
        const writes = [one, two].map(
          (bucket, n) => () => meet.member((wait) => bucket.write("a", body(LARGE, n, wait))),
        );
        const { index } = await oneWins(writes, "CONFLICT", "concurrent writes");
        await isWholly([one, two][index] ?? one, "a", body(LARGE, index), LARGE.chunks * LARGE.bytes);
      },
    ),
  ];
}

export const largeCreateOnlyCases: readonly Case[] = BUCKETS.flatMap(casesOf);

/** What blobs.create and archives.put do when their body fails. */
import { about, type Case } from "../case.js";
import { attempt, check, equal, equalBytes } from "../support/assert.js";
import { failing, pieces } from "../support/bodies.js";
import { BUCKETS, type BucketKind, holdsOnly, isAbsent } from "../support/bucket.js";
import { all, KIB, LARGE, noise, toBytes, upTo } from "../support/data.js";

const test = about("Writing: bodies that fail");

/** Errors that a body throws. Some of them look like an adapter's. */
const BODY_ERRORS: readonly unknown[] = [
  new Error("the source failed"),
  Object.assign(new Error("no such file"), { code: "ENOENT" }),
  Object.assign(new Error("taken"), { code: "CONFLICT" }),
  Object.assign(new Error("aborted"), { name: "AbortError" }),
  "not even an Error",
];

const POSITIONS = [
  { what: "before its first chunk", bytes: 0 },
  { what: "half-way", bytes: 300 * KIB },
  { what: "after its last chunk", bytes: LARGE },
];

function casesOf({ port, write, open }: BucketKind): readonly Case[] {
  return [
    ...POSITIONS.map(({ what, bytes: size }) =>
      test(
        [port],
        `${write}: a body that throws ${what} leaves nothing, and its error is passed on`,
        async (subject) => {
          const bucket = open(subject);
          for (const error of BODY_ERRORS) {
            const result = await attempt(() => bucket.write("a", failing(noise(size), 64 * KIB, error)));
            check("error" in result, "the write must reject when the body throws.");
            check(result.error === error, `the write must reject with the body's error itself, got ${result.error}.`);
            check(await isAbsent(bucket, "a"), "the entry is visible after its body threw.");
            equal(await all(bucket.names()), [], "list");
          }
          const bytes = noise(1000, 2);
          await bucket.write("a", pieces(bytes, 100));
          await holdsOnly(bucket, "a", bytes);
        },
      ),
    ),

    test([port], `${write}: a body that throws changes nothing about its neighbours`, async (subject) => {
      const bucket = open(subject);
      const names = upTo(5).map((n) => `a${n}`);
      for (const name of names) await bucket.write(name, pieces(noise(5000, 3), 1000));
      const result = await attempt(() => bucket.write("a", failing(noise(5000), 1000, new Error("source"))));
      check("error" in result, "the write must reject when the body throws.");
      for (const name of names) equalBytes(await toBytes(bucket.read(name)), noise(5000, 3), `the bytes of "${name}"`);
    }),
  ];
}

export const failingBodyCases: readonly Case[] = BUCKETS.flatMap(casesOf);

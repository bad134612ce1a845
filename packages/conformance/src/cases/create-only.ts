/** blobs.create and archives.put never overwrite. */
import type { Bytes } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, equalBytes, oneWins, rejects } from "../support/assert.js";
import { pieces, slow } from "../support/bodies.js";
import { BUCKETS, type Bucket, type BucketKind, SESSION } from "../support/bucket.js";
import { all, noise, toBytes, turn, upTo } from "../support/data.js";
import { meeting } from "../support/meeting.js";

const test = about("Writing: create-only");

/** Chunks in each racer's body. They differ, so that the writes begin and end at different times. */
const RACES: readonly (readonly number[])[] = [
  [8, 1],
  [1, 8],
  [3, 3],
  [5, 4, 3, 2, 1],
  [1, 1, 1, 1, 1],
];

/** What the error must name: a blob's session id and name, or an archive's key. */
function contextOf(port: "blobs" | "archives", name: string): { id?: string; key: string } {
  return port === "blobs" ? { id: SESSION, key: name } : { key: name };
}

async function whole(bucket: Bucket, name: string, bytes: Uint8Array): Promise<void> {
  equal((await bucket.stat(name))?.size, bytes.length, "stat: size");
  equal((await all(bucket.names())).filter((listed) => listed === name).length, 1, "times it is listed");
  equalBytes(await toBytes(bucket.read(name, { start: 0 })), bytes, "its bytes");
}

function casesOf({ port, write, open }: BucketKind): readonly Case[] {
  return [
    test([port], `${write}: CONFLICT if the entry is there, which stays as it is`, async (subject) => {
      const bucket = open(subject);
      const bytes = noise(1000);
      await bucket.write("a", pieces(bytes, 100));
      for (const other of [noise(1000, 2), noise(10, 3), noise(0), bytes]) {
        const again = (): Promise<unknown> => bucket.write("a", pieces(other, 100));
        await rejects("CONFLICT", "the second write", again, contextOf(port, "a"));
        await whole(bucket, "a", bytes);
      }
    }),

    test([port], `${write}: CONFLICT if the entry is there and empty`, async (subject) => {
      const bucket = open(subject);
      await bucket.write("a", pieces(noise(0), 1));
      await rejects("CONFLICT", "the second write", () => bucket.write("a", pieces(noise(9), 9)), contextOf(port, "a"));
      await whole(bucket, "a", noise(0));
    }),

    test(
      [port],
      `${write}: of concurrent ones exactly one succeeds, and the bytes are wholly the winner's`,
      async (subject) => {
        const bucket = open(subject);
        for (const [round, racers] of RACES.entries()) {
          const name = `race ${round}`;
          const bytes = racers.map((count, n) => noise(count * 1000, n + 1));
          const writes = bytes.map((content) => () => bucket.write(name, slow(content, 1000, turn)));
          const { index } = await oneWins(writes, "CONFLICT", "concurrent writes");
          const expected = bytes[index];
          check(expected !== undefined, "a racer won.");
          equal((await bucket.stat(name))?.size, expected.length, "stat: size");
          equalBytes(await toBytes(bucket.read(name)), expected, "the bytes");
        }
      },
    ),

    test([port], `${write}: of concurrent ones whose bodies end at once exactly one succeeds`, async (subject) => {
      for (const round of upTo(8)) {
        const name = `meeting ${round}`;
        const buckets = upTo(5).map(() => open(subject));
        const bytes = buckets.map((_, n) => noise(round === 0 ? 0 : 500 * (n + 1), n + 1));
        const meet = meeting(buckets.length);
        const body = async function* (n: number, wait: () => Promise<void>): Bytes {
          yield* pieces(bytes[n] ?? noise(0), 300);
          await wait();
        };
        const writes = buckets.map((bucket, n) => () => meet.member((wait) => bucket.write(name, body(n, wait))));
        const { index, value } = await oneWins(writes, "CONFLICT", "concurrent writes");
        equal(value.size, bytes[index]?.length, "the winner's size");
        const winner = buckets[index];
        check(winner !== undefined, "a racer won.");
        await whole(winner, name, bytes[index] ?? noise(0));
      }
    }),

    test([port], `${write}: concurrent ones of different names all succeed`, async (subject) => {
      const bucket = open(subject);
      const names = upTo(6).map((n) => `a${n}`);
      await Promise.all(names.map((name, n) => bucket.write(name, slow(noise(9000, n + 1), 1000, turn))));
      for (const [n, name] of names.entries()) await whole(bucket, name, noise(9000, n + 1));
    }),

    test([port], `${write}: succeeds again once the entry was deleted`, async (subject) => {
      const bucket = open(subject);
      await bucket.write("a", pieces(noise(1000), 100));
      await bucket.remove("a");
      await bucket.write("a", pieces(noise(500, 2), 100));
      await whole(bucket, "a", noise(500, 2));
    }),
  ];
}

export const createOnlyCases: readonly Case[] = BUCKETS.flatMap(casesOf);

/** A call whose signal is aborted rejects with ABORTED, and a write that does so has changed nothing. */
import { about, type Case } from "../case.js";
import { attempt, check, equal, equalBytes, failsWith, rejects } from "../support/assert.js";
import { pieces, watched } from "../support/bodies.js";
import { BUCKETS, type BucketKind, isAbsent } from "../support/bucket.js";
import { all, KIB, LARGE, noise, text, toBytes, turn, upTo } from "../support/data.js";

const test = about("Abort");

function aborted(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.abort(new Error("the caller gave up")) };
}

/** Continues to read after the abort; the items must not continue to their end. */
async function stopsAfterFirst(items: AsyncIterable<unknown>, controller: AbortController): Promise<void> {
  for await (const _ of items) controller.abort();
}

function bucketCases({ port, write, open }: BucketKind): readonly Case[] {
  return [
    test([port], `${write}: with an aborted signal writes nothing`, async (subject) => {
      const bucket = open(subject);
      for (const size of [0, 1000]) {
        await rejects("ABORTED", write, () => bucket.write("a", pieces(noise(size), 100), aborted()));
        check(await isAbsent(bucket, "a"), "the entry is visible after the abort.");
      }
      await bucket.write("a", pieces(noise(10), 5));
    }),

    test([port], `${write}: aborted half-way stops, closes the body and leaves nothing`, async (subject) => {
      const bucket = open(subject);
      const controller = new AbortController();
      const chunk = noise(64 * KIB);
      let taken = 0;
      let closed = false;
      const body = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (; taken < 500; taken++) {
            if (taken === 3) controller.abort();
            yield chunk;
          }
        } finally {
          closed = true;
        }
      };
      await rejects("ABORTED", write, () => bucket.write("a", body(), controller));
      check(taken < 500, "the body was taken to its end although the signal was aborted near its beginning.");
      await turn();
      check(closed, "the body's iterator must be closed: its return() wasn't called.");
      check(await isAbsent(bucket, "a"), "the entry is visible after the abort.");
      await bucket.write("a", pieces(noise(100), 10), { signal: new AbortController().signal });
      equalBytes(await toBytes(bucket.read("a")), noise(100), "what is written under the name afterwards");
    }),

    test([port], `${write}: whenever the abort comes, there is all or nothing`, async (subject) => {
      const bucket = open(subject);
      for (const at of upTo(6)) {
        const controller = new AbortController();
        const body = watched(noise(5000), 1000, (taken) => {
          if (taken === at) controller.abort();
        });
        const result = await attempt(() => bucket.write("a", body, controller));
        if ("error" in result) {
          failsWith(result.error, "ABORTED", `an abort before chunk ${at}`);
          check(await isAbsent(bucket, "a"), "the entry is visible after the abort.");
        } else {
          equalBytes(await toBytes(bucket.read("a")), noise(5000), "what a write that wasn't stopped wrote");
          await bucket.remove("a");
        }
      }
    }),

    test([port], `${port}: stat, read, list and delete with an aborted signal do nothing`, async (subject) => {
      const bucket = open(subject);
      await bucket.write("a", pieces(noise(1000), 100));
      await rejects("ABORTED", "stat", () => bucket.stat("a", aborted()));
      await rejects("ABORTED", "read", () => toBytes(bucket.read("a", undefined, aborted())));
      await rejects("ABORTED", "read of a range", () => toBytes(bucket.read("a", { start: 5, end: 6 }, aborted())));
      await rejects("ABORTED", "list", () => all(bucket.names(aborted())));
      await rejects("ABORTED", "delete", () => bucket.remove("a", aborted()));
      equalBytes(await toBytes(bucket.read("a")), noise(1000), "the entry");
    }),

    test([port], `${port}: read and list aborted half-way stop`, async (subject) => {
      const bucket = open(subject);
      await bucket.write("large", pieces(noise(LARGE), 1000 * KIB));
      for (const n of upTo(5)) await bucket.write(`a${n}`, pieces(text("x"), 1));
      const reading = new AbortController();
      await rejects("ABORTED", "read", () => stopsAfterFirst(bucket.read("large", undefined, reading), reading));
      const listing = new AbortController();
      await rejects("ABORTED", "list", () => stopsAfterFirst(bucket.names(listing), listing));
    }),
  ];
}

export const abortCases: readonly Case[] = [
  test(["objects"], "objects: with an aborted signal no call does anything", async ({ objects }) => {
    const version = await objects.put("a", { n: 1 }, null, { signal: new AbortController().signal });
    await rejects("ABORTED", "get", () => objects.get("a", aborted()));
    await rejects("ABORTED", "put with null", () => objects.put("b", {}, null, aborted()));
    await rejects("ABORTED", "put at a version", () => objects.put("a", { n: 2 }, version, aborted()));
    await rejects("ABORTED", "delete", () => objects.delete("a", version, aborted()));
    await rejects("ABORTED", "list", () => all(objects.list(undefined, aborted())));
    equal(await all(objects.list()), [{ id: "a", version, meta: { n: 1 } }], "list");
  }),

  test(["objects"], "objects: list aborted half-way stops", async ({ objects }) => {
    for (const n of upTo(5)) await objects.put(`a${n}`, {}, null);
    const controller = new AbortController();
    await rejects("ABORTED", "list", () => stopsAfterFirst(objects.list(undefined, controller), controller));
  }),

  test(["blobs"], "blobs.append: with an aborted signal appends nothing", async ({ blobs }) => {
    const ref = await blobs.create({ id: "s", name: "output" }, "1", pieces(noise(10), 10));
    await rejects("ABORTED", "append", () => blobs.append(ref, text("x"), aborted()));
    equal(await blobs.stat(ref.key), ref, "stat");
  }),

  ...BUCKETS.flatMap(bucketCases),
];

/** Two instances on the same data at the same time, as two processes would have them. */
import type { Bytes } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { offering } from "../subject.js";
import { equal, equalBytes, oneWins, rejects } from "../support/assert.js";
import { pieces, slow } from "../support/bodies.js";
import { BUCKETS } from "../support/bucket.js";
import { all, concat, noise, text, toBytes, turn, upTo } from "../support/data.js";
import { meeting } from "../support/meeting.js";
import { countTogether } from "./objects-races.js";

const test = about("Two instances at once");

export const peerCases: readonly Case[] = [
  test(["objects", "peer"], "objects: each sees what the other has written", async (subject) => {
    const { objects } = subject;
    const other = offering(await subject.peer(), ["objects"]).objects;
    const first = await objects.put("a", { n: 1 }, null);
    equal(await other.get("a"), { id: "a", version: first, meta: { n: 1 } }, "get");
    const second = await other.put("a", { n: 2 }, first);
    await rejects("CONFLICT", "put at the version before the other's", () => objects.put("a", { n: 3 }, first));
    await objects.delete("a", second);
    equal(await all(other.list()), [], "list");
  }),

  test(["objects", "peer"], "objects: counting together they lose no count", async (subject) => {
    const other = offering(await subject.peer(), ["objects"]).objects;
    await countTogether([subject.objects, other, subject.objects, other], 10);
  }),

  test(["blobs", "peer"], "blobs: of appends through both at one ref exactly one succeeds", async (subject) => {
    const { blobs } = subject;
    const other = offering(await subject.peer(), ["blobs"]).blobs;
    let ref = await blobs.create({ id: "s", name: "output" }, "1", pieces(noise(100), 10));
    let bytes = noise(100);
    for (const round of upTo(8)) {
      const at = ref;
      const chunks = [noise(50, 2 * round + 2), noise(60, 2 * round + 3)];
      const appends = chunks.map((chunk, n) => () => (n === round % 2 ? blobs : other).append(at, chunk));
      const won = await oneWins(appends, "CONFLICT", "appends at one ref");
      ref = won.value;
      bytes = concat([bytes, chunks[won.index] ?? noise(0)]);
      for (const store of [blobs, other]) equalBytes(await toBytes(store.read(ref)), bytes, "the bytes");
    }
    await other.delete(ref);
    await rejects("NOT_FOUND", "append after the other's delete", () => blobs.append(ref, text("x")));
  }),

  ...BUCKETS.map(({ port, write, open }) =>
    test([port, "peer"], `${write}: of concurrent ones through both exactly one succeeds`, async (subject) => {
      const both = [open(subject), open(await subject.peer())];
      for (const [round, counts] of [
        [1, 4],
        [4, 1],
        [3, 3],
      ].entries()) {
        const name = `race ${round}`;
        const bodies = counts.map((count, n) => noise(count * 1000, n + 1));
        const writes = both.map((bucket, n) => () => bucket.write(name, slow(bodies[n] ?? noise(0), 1000, turn)));
        const { index } = await oneWins(writes, "CONFLICT", "concurrent writes");
        const winner = both[index];
        if (winner) equalBytes(await toBytes(winner.read(name)), bodies[index] ?? noise(0), "the bytes");
        for (const bucket of both) equal((await bucket.stat(name))?.size, bodies[index]?.length, "the size");
      }
    }),
  ),

  ...BUCKETS.map(({ port, write, open }) =>
    test(
      [port, "peer"],
      `${write}: of two through both whose bodies end at once exactly one succeeds`,
      async (subject) => {
        const both = [open(subject), open(await subject.peer())];
        for (const round of upTo(8)) {
          const name = `meeting ${round}`;
          const bodies = both.map((_, n) => noise(700 * (n + 1), n + 1));
          const meet = meeting(both.length);
          const body = async function* (n: number, wait: () => Promise<void>): Bytes {
            yield* pieces(bodies[n] ?? noise(0), 300);
            await wait();
          };
          const writes = both.map((bucket, n) => () => meet.member((wait) => bucket.write(name, body(n, wait))));
          const { index } = await oneWins(writes, "CONFLICT", "concurrent writes");
          const winner = both[index];
          if (winner) equalBytes(await toBytes(winner.read(name)), bodies[index] ?? noise(0), "the bytes");
          for (const bucket of both) equal((await bucket.stat(name))?.size, bodies[index]?.length, "the size");
        }
      },
    ),
  ),
];

/** Several calls at once. Every promise of the archiver rests on the compare-and-swap. */
import type { ObjectStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { equal, insist, oneWins } from "../support/assert.js";
import { upTo } from "../support/data.js";

const test = about("Objects: races");

const RACERS = 8;
const WORKERS = 5;
const STEPS = 10;

/** Adds 1 to the object's counter; gives the new version. */
async function increment(objects: ObjectStore, id: string): Promise<string> {
  return insist(async () => {
    const object = await objects.get(id);
    const count = Number(Object.values(object?.meta ?? {})[0] ?? 0);
    return objects.put(id, { count: count + 1 }, object?.version ?? null);
  }, "put of the next count");
}

/** Several workers count at once, each through its own ports. */
export async function countTogether(stores: readonly ObjectStore[], steps: number): Promise<void> {
  const versions = await Promise.all(
    stores.map(async (objects) => {
      const mine: string[] = [];
      for (const _ of upTo(steps)) mine.push(await increment(objects, "counter"));
      return mine;
    }),
  );
  const total = stores.length * steps;
  for (const objects of stores) equal((await objects.get("counter"))?.meta, { count: total }, "the counter");
  equal(new Set(versions.flat()).size, total, "number of different versions");
}

export const objectRaceCases: readonly Case[] = [
  test(["objects"], "of many puts with null exactly one succeeds, and its metadata is kept", async ({ objects }) => {
    const puts = upTo(RACERS).map((n) => () => objects.put("a", { n }, null));
    const { index, value } = await oneWins(puts, "CONFLICT", "puts with null");
    equal(await objects.get("a"), { id: "a", version: value, meta: { n: index } }, "the object");
  }),

  test(
    ["objects"],
    "of many puts at one version exactly one succeeds, and its metadata is kept",
    async ({ objects }) => {
      const version = await objects.put("a", {}, null);
      const puts = upTo(RACERS).map((n) => () => objects.put("a", { n }, version));
      const { index, value } = await oneWins(puts, "CONFLICT", "puts at one version");
      equal(await objects.get("a"), { id: "a", version: value, meta: { n: index } }, "the object");
    },
  ),

  test(["objects"], "of many deletes at one version exactly one succeeds", async ({ objects }) => {
    const version = await objects.put("a", {}, null);
    const deletes = upTo(RACERS).map(() => () => objects.delete("a", version));
    await oneWins(deletes, "CONFLICT", "deletes at one version");
    equal(await objects.get("a"), undefined, "the object");
  }),

  test(["objects"], "of a put and a delete at one version exactly one succeeds", async ({ objects }) => {
    for (const n of upTo(10)) {
      const id = `a${n}`;
      const version = await objects.put(id, { n: 0 }, null);
      const put = (): Promise<unknown> => objects.put(id, { n: 1 }, version);
      const remove = (): Promise<unknown> => objects.delete(id, version);
      const calls = n % 2 === 0 ? [put, remove] : [remove, put];
      const { index } = await oneWins(calls, "CONFLICT", "a put and a delete at one version");
      const left = await objects.get(id);
      equal(left?.meta, calls[index] === put ? { n: 1 } : undefined, "the metadata left");
    }
  }),

  test(["objects"], "workers that count together lose no count", async ({ objects }) => {
    await countTogether(
      upTo(WORKERS).map(() => objects),
      STEPS,
    );
  }),

  test(["objects"], "puts to different objects don't get in each other's way", async ({ objects }) => {
    const ids = upTo(RACERS).map((n) => `a${n}`);
    const versions = await Promise.all(ids.map((id) => objects.put(id, { id }, null)));
    for (const [n, id] of ids.entries()) {
      equal(await objects.get(id), { id, version: versions[n], meta: { id } }, "the object");
    }
  }),
];

/** Listing while the store is in use. */
import { KEY, type Meta, type ObjectQuery, type ObjectStore } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, equalSets } from "../support/assert.js";
import { all, upTo } from "../support/data.js";

const test = about("Objects: listing");

/** Probably more than one page of any backend, yet few enough for a slow one. */
const MANY = 300;

async function fill(objects: ObjectStore, ids: readonly string[], meta: Meta): Promise<void> {
  for (const id of ids) await objects.put(id, meta, null);
}

const KEPT = upTo(60).map((n) => `kept ${n}`);
const DOOMED = upTo(60).map((n) => `doomed ${n}`);
const MIXED = KEPT.flatMap((id, n) => [id, `doomed ${n}`]);

/** Changes, adds and deletes objects while they are listed: deletes some ahead of the listing, and some behind it. */
async function checkWhileWriting(
  objects: ObjectStore,
  query: ObjectQuery | undefined,
  meta: (n: number) => Meta,
): Promise<void> {
  const seen: string[] = [];
  for await (const { id } of objects.list(query)) {
    const n = seen.push(id);
    const kept = await objects.get(`kept ${n}`);
    if (kept) await objects.put(kept.id, meta(n), kept.version);
    for (const doomed of [id, `doomed ${n}`]) {
      const object = DOOMED.includes(doomed) ? await objects.get(doomed) : undefined;
      if (object) await objects.delete(object.id, object.version);
    }
    if (n <= 40) await objects.put(`new ${n}`, meta(n), null);
    check(n < 1000, "list() doesn't end: it keeps giving what is written meanwhile.");
  }
  equal(new Set(seen).size, seen.length, "number of different ids listed, against ids listed");
  equalSets(
    seen.filter((id) => id.startsWith("kept")),
    KEPT,
    "the objects that were there throughout",
  );
}

export const objectListCases: readonly Case[] = [
  test(["objects"], "an empty store lists nothing", async ({ objects }) => {
    equal(await all(objects.list()), [], "list");
  }),

  test(["objects"], "every object is listed once, as get gives it; deleted ones are not", async ({ objects }) => {
    const ids = upTo(MANY).map((n) => `object ${n}`);
    await fill(objects, ids, { view: "agent" });
    const [first, ...rest] = await Promise.all(ids.map((id) => objects.get(id)));
    if (first) await objects.delete(first.id, first.version);
    const listed = await all(objects.list());
    equal(listed.length, MANY - 1, "number of objects listed");
    const byId = new Map(listed.map((object) => [object.id, object]));
    for (const object of rest) equal(byId.get(object?.id ?? ""), object, "the object listed");
  }),

  test(
    ["objects"],
    "objects present throughout are listed once, whatever is written meanwhile",
    async ({ objects }) => {
      await fill(objects, MIXED, { n: 0 });
      await checkWhileWriting(objects, undefined, (n) => ({ n, padding: "x".repeat(n * 10) }));
    },
  ),

  test(
    ["objects"],
    "objects that match throughout are listed once, also when their activity changes",
    async ({ objects }) => {
      await fill(objects, MIXED, { [KEY.lastActivity]: 5000 });
      const move = (n: number): Meta => ({ [KEY.lastActivity]: n % 2 === 0 ? 5000 - n : 5000 + n });
      await checkWhileWriting(objects, { lastActiveBefore: 9000, archived: false }, move);
    },
  ),

  test(["objects"], "a listing may be left early, and several may run at once", async ({ objects }) => {
    await fill(objects, KEPT, {});
    for await (const { id, version } of objects.list()) {
      await objects.put(id, { left: true }, version);
      break;
    }
    const outer: string[] = [];
    for await (const { id } of objects.list()) {
      outer.push(id);
      if (outer.length === 3) equal((await all(objects.list())).length, KEPT.length, "length of the inner listing");
    }
    equalSets(outer, KEPT, "the outer listing");
  }),
];

/** What a store keeps for lists, in their order. */
import {
  comparePlaces,
  KEY,
  type ListPlace,
  listingOf,
  type Meta,
  type NewestQuery,
  type ObjectListing,
  type ObjectStore,
  placeOf,
} from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import type { NewestFirst } from "../subject.js";
import { check, equal, rejects } from "../support/assert.js";
import { all, upTo } from "../support/data.js";

const test = about("Objects: newest first");

const FACTS = { by: "x", version: 1, bytes: 5, values: { title: "é😀", state: { steps: [1, 2, 3] } } };

/** Every order that is easily missed, and what lists show or leave out. */
const METAS: readonly Meta[] = [
  {},
  { [KEY.lastActivity]: 100 },
  { [KEY.lastActivity]: 100, [KEY.facts]: FACTS },
  { [KEY.lastActivity]: 99.25 },
  { [KEY.lastActivity]: 99.5, view: "agent", host: { long: "x".repeat(5000) } },
  { [KEY.lastActivity]: 1_800_000_000_000, [KEY.archivedAt]: 5, [KEY.archiveKey]: "k", [KEY.archivedRawBytes]: 7 },
  { [KEY.lastActivity]: 1_800_000_000_000_000_000, [KEY.prunedAt]: 9 },
  // Of these, sweeps get another time.
  { [KEY.lastActivity]: 1_700_000_000_000, [KEY.settlingAt]: 150, [KEY.archivedAt]: 150 },
  { [KEY.lastActivity]: "100", [KEY.settlingAt]: 150 },
  { [KEY.lastActivity]: -5, [KEY.settlingAt]: 150 },
  { [KEY.lastActivity]: 0 },
  { [KEY.lastActivity]: -5 },
  { [KEY.lastActivity]: "100" },
  { [KEY.lastActivity]: [100] },
  { [KEY.archivedAt]: 150 },
  { [KEY.lastActivity]: 3, [KEY.aliases]: ["a", ""], [KEY.pinned]: true },
  { [KEY.lastActivity]: 2, [KEY.facts]: { ...FACTS, values: { title: "long ".repeat(2000) } } },
];

/** The orders by byte, by code unit and by pattern differ for these. */
const NAMES: readonly string[] = [
  "a",
  "A",
  "a\0",
  "a%",
  "a_",
  "ab",
  "a\uffff",
  "a😀",
  "a\u{10ffff}",
  "é",
  "'",
  "\ufeffa",
];

const MANY = 700;

async function fill(objects: ObjectStore, metas: ReadonlyMap<string, Meta>): Promise<void> {
  for (const [id, meta] of metas) await objects.put(id, meta, null);
}

/** As the listing has to be. */
function expected(metas: ReadonlyMap<string, Meta>, { prefix = "", after }: NewestQuery = {}): ObjectListing[] {
  return [...metas]
    .map(([id, meta]) => ({ ...placeOf(id, meta), listing: listingOf(meta) }))
    .filter((place) => place.id.startsWith(prefix) && (!after || comparePlaces(place, after) > 0))
    .sort(comparePlaces);
}

async function checkListing(
  objects: NewestFirst,
  metas: ReadonlyMap<string, Meta>,
  query: NewestQuery = {},
): Promise<void> {
  const listed = (await all(objects.listNewest(query))).filter(({ id }) => id.startsWith(query.prefix ?? ""));
  equal(listed, expected(metas, query), `listNewest(${JSON.stringify(query)})`);
}

/** Every session with every other kind of metadata, all different. */
function various(): Map<string, Meta> {
  return new Map(
    METAS.flatMap((meta, n) => NAMES.slice(0, 4 + (n % 9)).map((name) => [`${name}${n % 3}`, meta] as const)),
  );
}

function placesAround(metas: ReadonlyMap<string, Meta>): readonly ListPlace[] {
  const places = [...metas].map(([id, meta]) => placeOf(id, meta));
  return [
    ...places,
    ...places.map(({ id, lastActivityMs }) => ({ id: `${id}-`, lastActivityMs })),
    { id: "a", lastActivityMs: 50 },
    { id: "a", lastActivityMs: 1e300 },
    { id: "\u{10ffff}", lastActivityMs: null },
  ];
}

/** Changes, adds and deletes others while they are listed, and writes those that stay again, where they are. */
async function checkWhileWriting(objects: NewestFirst): Promise<void> {
  const kept = new Map(upTo(MANY).map((n) => [`kept ${n}`, { [KEY.lastActivity]: 1000 + Math.floor(n / 2), n }]));
  const others = new Map(upTo(MANY).map((n) => [`other ${n}`, { [KEY.lastActivity]: 1000 + n / 2 }]));
  await fill(objects, new Map([...kept, ...others]));
  const seen: string[] = [];
  for await (const { id } of objects.listNewest()) {
    const n = seen.push(id);
    const same = n % 7 === 0 ? await objects.get(`kept ${n}`) : undefined;
    if (same) await objects.put(same.id, { ...same.meta, again: n }, same.version);
    const other = n % 3 === 0 ? await objects.get(`other ${MANY - n}`) : undefined;
    if (other && n % 2 === 0) await objects.delete(other.id, other.version);
    else if (other) await objects.put(other.id, { [KEY.lastActivity]: 9000 + n }, other.version);
    if (n % 9 === 0) await objects.put(`new ${n}`, { [KEY.lastActivity]: 1000 + n }, null);
    check(n < 5 * MANY, "listNewest() doesn't end: it keeps giving what is written meanwhile.");
  }
  equal(new Set(seen).size, seen.length, "number of different ids listed, against ids listed");
  const order = expected(kept).map(({ id }) => id);
  equal(
    seen.filter((id) => id.startsWith("kept")),
    order,
    "the objects that were there throughout",
  );
}

export const objectNewestCases: readonly Case[] = [
  test(["listNewest"], "newest first: every object once, in its place, with what lists show", async ({ objects }) => {
    await checkListing(objects, new Map());
    const metas = new Map([
      ...various(),
      ...METAS.map((meta, n) => [`one ${n}`, meta] as const),
      ...upTo(MANY).map((n) => [`many ${n}`, { [KEY.lastActivity]: 5_000 + (n % 10) }] as const),
    ]);
    await fill(objects, metas);
    await checkListing(objects, metas);
  }),

  test(
    ["listNewest"],
    "newest first: an object as its last put left it; deleted ones are gone",
    async ({ objects }) => {
      const metas = new Map<string, Meta>([["other", { [KEY.lastActivity]: 90 }]]);
      await fill(objects, metas);
      let version: string | null = null;
      for (const meta of [...METAS, ...METAS.toReversed()]) {
        version = await objects.put("s", meta, version);
        await checkListing(objects, metas.set("s", meta));
      }
      await rejects("CONFLICT", "put at a stale version", () => objects.put("s", { [KEY.lastActivity]: 7 }, "stale"));
      await checkListing(objects, metas);
      await objects.delete("s", version ?? "");
      metas.delete("s");
      await checkListing(objects, metas);
    },
  ),

  test(["listNewest"], "newest first: goes on after any place, also where no object is", async ({ objects }) => {
    const metas = various();
    await fill(objects, metas);
    for (const after of placesAround(metas)) await checkListing(objects, metas, { after });
  }),

  test(["listNewest"], "newest first: a prefix leaves out no object that begins so", async ({ objects }) => {
    const metas = various();
    await fill(objects, metas);
    for (const prefix of ["", "none", ...NAMES]) {
      for (const after of [undefined, { id: "a", lastActivityMs: 100 }])
        await checkListing(objects, metas, { prefix, after });
    }
  }),

  test(
    ["listNewest"],
    "newest first: what keeps its place is given once, whatever is written meanwhile",
    async (subject) => checkWhileWriting(subject.objects),
  ),

  test(
    ["listNewest"],
    "newest first: a listing may be left early, and several may run at once",
    async ({ objects }) => {
      const metas = new Map(upTo(60).map((n) => [`s${n}`, { [KEY.lastActivity]: n + 1 }]));
      await fill(objects, metas);
      for await (const { id } of objects.listNewest()) if (id === "s57") break;
      const outer: string[] = [];
      for await (const { id } of objects.listNewest()) {
        if (outer.push(id) === 3) await checkListing(objects, metas);
      }
      equal(
        outer,
        expected(metas).map(({ id }) => id),
        "the outer listing",
      );
    },
  ),

  test(["listNewest"], "newest first: with an aborted signal nothing is listed", async ({ objects }) => {
    await objects.put("a", {}, null);
    const aborted = { signal: AbortSignal.abort(new Error("the caller gave up")) };
    await rejects("ABORTED", "listNewest", () => all(objects.listNewest({}, aborted)));
  }),

  test(["listNewest", "damage"], "newest first: a damaged object hides no other", async ({ objects, damage }) => {
    const metas = new Map(upTo(9).map((n) => [`s${n}`, { [KEY.lastActivity]: 100 - (n % 3) }]));
    await fill(objects, metas);
    const damaged = ["s0", "s4", "s8"];
    for (const id of damaged) await damage(id);
    const listed = (await all(objects.listNewest())).filter(({ id }) => !damaged.includes(id));
    for (const id of damaged) metas.delete(id);
    equal(listed, expected(metas), "listNewest beside damaged objects");
  }),

  test(["listNewest", "reopen"], "newest first: the order survives a restart", async ({ objects, reopen }) => {
    const metas = various();
    await fill(objects, metas);
    const after = (await reopen()).objects;
    check(after?.listNewest !== undefined, "the ports offer no listNewest after the restart.");
    await checkListing(after as NewestFirst, metas);
  }),

  test(["listNewest", "peer"], "newest first: each instance sees what the other has written", async (subject) => {
    const mine = subject.objects;
    const other = (await subject.peer()).objects;
    check(other?.listNewest !== undefined, "the other instance offers no listNewest.");
    const metas = new Map<string, Meta>([["s", { [KEY.lastActivity]: 1 }]]);
    const version = await mine.put("s", { [KEY.lastActivity]: 1 }, null);
    await checkListing(other as NewestFirst, metas);
    await other.put("s", { [KEY.lastActivity]: 3 }, version);
    await other.put("t", { [KEY.lastActivity]: 2 }, null);
    await checkListing(
      mine,
      new Map([
        ["s", { [KEY.lastActivity]: 3 }],
        ["t", { [KEY.lastActivity]: 2 }],
      ]),
    );
  }),
];

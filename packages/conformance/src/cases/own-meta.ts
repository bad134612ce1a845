/** Metadata of the store itself: one value beside the objects, under the same rules, and never listed as one of them. */
import { KEY, type Meta, type OwnMeta } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, insist, oneWins, rejects } from "../support/assert.js";
import { all, upTo } from "../support/data.js";

const test = about("The store's own metadata");

/** Ids under which a careless adapter might keep it among the objects. */
const TELLING_IDS: readonly string[] = ["store", "store.json", "own", "meta", "object/store", "session", ".store", "%"];

/** Looks like an archived object with a size. It must not be counted anywhere. */
const LIKE_A_SESSION: Meta = { view: "agent", [KEY.archivedAt]: 5, [KEY.archiveBytes]: 1000, [KEY.lastActivity]: 1 };

async function present(own: OwnMeta): Promise<{ readonly version: string; readonly meta: Meta }> {
  const found = await own.get();
  check(found !== undefined, "ownMeta.get: it must be there.");
  return found;
}

/** A version that it had earlier. */
async function stale(own: OwnMeta): Promise<string> {
  const old = await own.put({ n: 1 }, null);
  await own.put({ n: 2 }, old);
  return old;
}

export const ownMetaCases: readonly Case[] = [
  test(["ownMeta"], "a store's own metadata is absent at first", async ({ objects: { ownMeta } }) => {
    equal(await ownMeta.get(), undefined, "ownMeta.get");
  }),

  test(["ownMeta"], "own metadata: put with null creates it; get gives version and metadata", async (subject) => {
    const { ownMeta } = subject.objects;
    const meta = { id: "a", list: [1, { deep: [null] }], text: "é😀\0\u2028\ud800", number: 1.5e300 };
    const version = await ownMeta.put(meta, null);
    check(typeof version === "string", "put must resolve with a version, a string.");
    equal(await ownMeta.get(), { version, meta }, "ownMeta.get");
  }),

  test(["ownMeta"], "own metadata: put at the current version replaces it as a whole", async (subject) => {
    const { ownMeta } = subject.objects;
    const first = await ownMeta.put({ x: 1, y: { z: 1 } }, null);
    const second = await ownMeta.put({ y: { w: 2 } }, first);
    equal(await ownMeta.get(), { version: second, meta: { y: { w: 2 } } }, "ownMeta.get after the second put");
  }),

  test(["ownMeta"], "own metadata: put with null is CONFLICT if it is there, and changes nothing", async (subject) => {
    const { ownMeta } = subject.objects;
    const version = await ownMeta.put({ n: 1 }, null);
    await rejects("CONFLICT", "put with null", () => ownMeta.put({ n: 2 }, null));
    equal(await ownMeta.get(), { version, meta: { n: 1 } }, "ownMeta.get");
  }),

  test(["ownMeta"], "own metadata: put at a stale version is CONFLICT, and changes nothing", async (subject) => {
    const { ownMeta } = subject.objects;
    const old = await stale(ownMeta);
    const before = await present(ownMeta);
    await rejects("CONFLICT", "put at a stale version", () => ownMeta.put({ n: 3 }, old));
    equal(await ownMeta.get(), before, "ownMeta.get");
  }),

  test(
    ["ownMeta"],
    "own metadata: put at a version is CONFLICT if it is absent, and creates nothing",
    async (subject) => {
      const { objects } = subject;
      const other = await objects.put("a", {}, null);
      await rejects("CONFLICT", "put at a version", () => objects.ownMeta.put({ n: 1 }, other));
      equal(await objects.ownMeta.get(), undefined, "ownMeta.get");
    },
  ),

  test(["ownMeta"], "own metadata: every put gives another version, also with equal metadata", async (subject) => {
    const { ownMeta } = subject.objects;
    const seen = [await ownMeta.put({ n: 1 }, null)];
    for (const _ of upTo(20)) seen.push(await ownMeta.put({ n: 1 }, seen.at(-1) ?? null));
    equal(new Set(seen).size, seen.length, "number of different versions");
    equal((await present(ownMeta)).version, seen.at(-1), "the version that get gives");
  }),

  test(["ownMeta"], "own metadata: of many puts at one version exactly one succeeds", async (subject) => {
    const { ownMeta } = subject.objects;
    for (const round of upTo(4)) {
      const expected = (await ownMeta.get())?.version ?? null;
      const puts = upTo(8).map((n) => () => ownMeta.put({ round, n }, expected));
      const { index, value } = await oneWins(puts, "CONFLICT", "puts of own metadata");
      equal(await ownMeta.get(), { version: value, meta: { round, n: index } }, "ownMeta.get");
    }
  }),

  test(["ownMeta"], "own metadata is never listed, found or counted among the objects", async ({ objects }) => {
    await objects.ownMeta.put(LIKE_A_SESSION, null);
    await objects.put("a", {}, null);
    const prefixes = ["", "a", "s", "o", "m", "object/", ...TELLING_IDS];
    const queries = [
      undefined,
      { archived: true },
      { archived: false },
      { lastActiveBefore: 5 },
      { oldestArchivesLimit: 5 },
    ];
    for (const query of queries) {
      for (const prefix of prefixes) {
        const ids = (await all(objects.list({ ...query, prefix }))).map(({ id }) => id);
        check(!ids.some((id) => id !== "a"), `list with the prefix "${prefix}" gives ${JSON.stringify(ids)}.`);
      }
    }
    equal((await all(objects.list())).length, 1, "number of objects");
    for (const id of TELLING_IDS) equal(await objects.get(id), undefined, `get("${id}")`);
    if (objects.archiveBytes) equal(await objects.archiveBytes(), 0, "archiveBytes()");
  }),

  test(["ownMeta"], "own metadata and objects leave each other as they are", async ({ objects }) => {
    const { ownMeta } = objects;
    const version = await ownMeta.put({ id: "own" }, null);
    const versions = new Map<string, string>();
    for (const id of TELLING_IDS) versions.set(id, await objects.put(id, { id }, null));
    equal(await ownMeta.get(), { version, meta: { id: "own" } }, "ownMeta.get beside objects");
    const next = await ownMeta.put({ id: "changed" }, version);
    for (const [id, at] of versions) equal(await objects.get(id), { id, version: at, meta: { id } }, `get("${id}")`);
    for (const [id, at] of versions) await objects.delete(id, at);
    equal(
      await ownMeta.get(),
      { version: next, meta: { id: "changed" } },
      "ownMeta.get after all objects were deleted",
    );
    await ownMeta.put({ id: "again" }, next);
  }),

  test(["ownMeta"], "own metadata: changing what was put or given doesn't reach the store", async (subject) => {
    const { ownMeta } = subject.objects;
    const list = [1];
    await ownMeta.put({ list }, null);
    list.push(2);
    const given = (await present(ownMeta)).meta as { list: unknown[] };
    if (!Object.isFrozen(given.list)) given.list.push("changed");
    equal((await present(ownMeta)).meta, { list: [1] }, "the metadata");
  }),

  test(["ownMeta"], "own metadata: with an aborted signal no call does anything", async (subject) => {
    const { ownMeta } = subject.objects;
    const aborted = { signal: AbortSignal.abort(new Error("the caller gave up")) };
    await rejects("ABORTED", "get", () => ownMeta.get(aborted));
    await rejects("ABORTED", "put", () => ownMeta.put({}, null, aborted));
    equal(await ownMeta.get(), undefined, "ownMeta.get");
  }),

  test(["ownMeta", "reopen"], "own metadata survives a restart as its last put left it", async (subject) => {
    const first = await subject.objects.ownMeta.put({ n: 1 }, null);
    const version = await subject.objects.ownMeta.put({ n: 2 }, first);
    const after = (await subject.reopen()).objects?.ownMeta;
    check(after !== undefined, "the ports offer no ownMeta after the restart.");
    equal(await after.get(), { version, meta: { n: 2 } }, "ownMeta.get after the restart");
    await rejects("CONFLICT", "put with null", () => after.put({ n: 3 }, null));
    await rejects("CONFLICT", "put at the version before the last", () => after.put({ n: 3 }, first));
    const next = await after.put({ n: 3 }, version);
    equal(new Set([first, version, next]).size, 3, "number of different versions");
  }),

  test(["ownMeta", "peer"], "own metadata: each instance sees what the other has written", async (subject) => {
    const mine = subject.objects.ownMeta;
    const other = (await subject.peer()).objects?.ownMeta;
    check(other !== undefined, "the other instance offers no ownMeta.");
    const first = await mine.put({ count: 0 }, null);
    equal(await other.get(), { version: first, meta: { count: 0 } }, "the other's get");
    const second = await other.put({ count: 1 }, first);
    await rejects("CONFLICT", "put at the version before the other's", () => mine.put({ count: 9 }, first));
    equal(await mine.get(), { version: second, meta: { count: 1 } }, "get");
    const count = async (own: OwnMeta): Promise<void> => {
      const add = async (): Promise<string> => {
        const now = await present(own);
        return own.put({ count: Number(now.meta["count"]) + 1 }, now.version);
      };
      for (const _ of upTo(5)) await insist(add, "put of the next count");
    };
    await Promise.all([mine, other, mine, other].map(count));
    equal((await present(mine)).meta, { count: 21 }, "the counter");
  }),
];

/** A query is a hint: a store may give more than the query asks for, but never less. */
import {
  KEY,
  type Meta,
  matchesQuery,
  type ObjectQuery,
  type ObjectStore,
  sweepIndex,
} from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal, rejects } from "../support/assert.js";
import { all } from "../support/data.js";

const test = about("Objects: queries");

/** Every state that a sweep distinguishes, and malformed metadata. */
const METAS: readonly Meta[] = [
  {},
  { [KEY.lastActivity]: 100 },
  { [KEY.lastActivity]: 200, view: "agent" },
  { [KEY.lastActivity]: 200.5 },
  { [KEY.lastActivity]: 1_800_000_000_000 },
  { [KEY.lastActivity]: 0 },
  { [KEY.lastActivity]: -5 },
  { [KEY.lastActivity]: "100" },
  { [KEY.lastActivity]: null },
  { [KEY.lastActivity]: [100] },
  { [KEY.archivedAt]: 150 },
  { [KEY.archivedAt]: 150, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: 150, [KEY.lastActivity]: 100, [KEY.resumedAt]: 160 },
  { [KEY.archivedAt]: 150, [KEY.lastActivity]: 100, [KEY.settlingAt]: 150 },
  { [KEY.archivedAt]: 150, [KEY.lastActivity]: 100, [KEY.prunedAt]: 170 },
  { [KEY.archivedAt]: 150, [KEY.prunedAt]: 170, [KEY.purgedAt]: 180 },
  { [KEY.archivedAt]: 150, [KEY.prunedAt]: 170, [KEY.archiveBytes]: 1000 },
  { [KEY.archivedAt]: 150, [KEY.prunedAt]: 170, [KEY.settlingAt]: 150, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: 150, [KEY.archiveBytes]: 2000 },
  { [KEY.archivedAt]: 140, [KEY.archiveBytes]: 3000, [KEY.resumedAt]: 160 },
  // Their order by archive time is the reverse of their order by activity.
  { [KEY.archivedAt]: 130, [KEY.lastActivity]: 125 },
  { [KEY.archivedAt]: 131, [KEY.lastActivity]: 115 },
  { [KEY.archivedAt]: 132, [KEY.lastActivity]: 105.5 },
  { [KEY.archivedAt]: 133, [KEY.lastActivity]: 1_800_000_000_000_000_000 },
  { [KEY.archivedAt]: 160, [KEY.archiveBytes]: "4000" },
  { [KEY.archivedAt]: 160, [KEY.archiveBytes]: -5000 },
  { [KEY.archivedAt]: 160, [KEY.archiveBytes]: 0.5 },
  { [KEY.archiveBytes]: 6000 },
  { [KEY.archivedAt]: 0, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: -1, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: "yes", [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: true, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: 150, [KEY.resumedAt]: "no", [KEY.lastActivity]: 100 },
];

const QUERIES: readonly ObjectQuery[] = [undefined, "s", "s1", "s1/", "none"].flatMap((prefix) =>
  [undefined, 0, 99, 100, 200, 200.25, 2_000_000_000_000].flatMap((lastActiveBefore) =>
    [undefined, true, false].map((archived) => ({ prefix, lastActiveBefore, archived })),
  ),
);

/** The queries of a prune. */
const PRUNE_QUERIES: readonly ObjectQuery[] = [undefined, "s1"].flatMap((prefix) => [
  ...[0, 169, 170, 170.5, 2_000_000_000_000].map((prunedBefore) => ({ prefix, prunedBefore })),
  { prefix, prunedBefore: 170, archived: true },
]);

/** Fails unless the archives with the oldest activity are there, as many as `oldestArchivesLimit` says. */
async function checkOldest(
  objects: ObjectStore,
  oldestArchivesLimit: number,
  stored: ReadonlyMap<string, Meta>,
): Promise<void> {
  const what = `list({ oldestArchivesLimit: ${oldestArchivesLimit} })`;
  const listed = new Set(
    (await all(objects.list({ oldestArchivesLimit: oldestArchivesLimit }))).map((object) => object.id),
  );
  const times = (ids: Iterable<string>): number[] =>
    [...ids].map((id) => sweepIndex(stored.get(id) ?? {}).keptActivityMs ?? Number.NaN).filter((time) => time > 0);
  const due = times(stored.keys()).sort((a, b) => a - b);
  const given = times(listed).sort((a, b) => a - b);
  const wanted = due.slice(0, oldestArchivesLimit);
  equal(JSON.stringify(given.slice(0, wanted.length)), JSON.stringify(wanted), `${what}: last activities`);
}

/** Fails if the store leaves out an object that matches, or gives one that is not stored. */
async function checkQuery(objects: ObjectStore, query: ObjectQuery, stored: ReadonlyMap<string, Meta>): Promise<void> {
  const what = `list(${JSON.stringify(query)})`;
  const ids = (await all(objects.list(query))).map((object) => object.id);
  equal(new Set(ids).size, ids.length, `${what}: number of different ids, against ids`);
  for (const id of ids) check(stored.has(id), `${what} gives "${id}", which isn't stored.`);
  for (const [id, meta] of stored) {
    check(
      !matchesQuery(id, meta, query) || ids.includes(id),
      `${what} must give "${id}" with ${JSON.stringify(meta)}.`,
    );
  }
}

/** Characters with a meaning in patterns, and the ends of the sort orders by code unit and code point. */
const PREFIXED: readonly string[] = [
  "%",
  "%a",
  "_",
  "_a",
  "*",
  "*a",
  "[a]",
  "[a]b",
  "\\",
  "\\a",
  "a",
  "A",
  "a\0",
  "a\0b",
  "a\uffff",
  "a\uffff\uffff",
  "a\uffffb",
  "a😀",
  "a\u{10ffff}",
  "a\u{10ffff}\u{10ffff}",
  "ab",
  "é",
  "e\u0301",
  "'",
  "''",
  "a/",
  "a/b",
  "a/b/c",
];

export const objectQueryCases: readonly Case[] = [
  test(["objects"], "a query never gives less than what matches, nor anything twice", async ({ objects }) => {
    const stored = new Map(METAS.map((meta, n) => [n % 3 === 0 ? `s1/${n}` : `s${n}`, meta]));
    for (const [id, meta] of stored) await objects.put(id, meta, null);
    for (const query of QUERIES) await checkQuery(objects, query, stored);
  }),

  test(["objects"], "a prune's query never gives less than what matches", async ({ objects }) => {
    const stored = new Map(METAS.map((meta, n) => [n % 3 === 0 ? `s1/${n}` : `s${n}`, meta]));
    for (const [id, meta] of stored) await objects.put(id, meta, null);
    for (const query of PRUNE_QUERIES) await checkQuery(objects, query, stored);
    for (const count of [1, 2, 3, 4, 5, 8, 12, 15, 100]) await checkOldest(objects, count, stored);
  }),

  test(["objects"], "the stored bytes of all archives are what their objects say", async ({ objects }) => {
    const stored = new Map<string, Meta>();
    const checkSum = async (): Promise<void> => {
      const sum = [...stored.values()].reduce((total, meta) => total + sweepIndex(meta).archiveBytes, 0);
      if (objects.archiveBytes) equal(await objects.archiveBytes(), sum, "archiveBytes()");
      else await checkOldest(objects, METAS.length, stored);
    };
    const versions = new Map<string, string>();
    for (const round of [METAS, METAS.toReversed()]) {
      for (const [n, meta] of round.entries()) {
        const id = `s${n}`;
        versions.set(id, await objects.put(id, meta, versions.get(id) ?? null));
        stored.set(id, meta);
        await checkSum();
      }
    }
    for (const [id, version] of versions) {
      const refused = () => objects.put(id, { [KEY.archivedAt]: 1, [KEY.archiveBytes]: 9 }, null);
      await rejects("CONFLICT", "put with null", refused, { id });
      await objects.delete(id, version);
      stored.delete(id);
      await checkSum();
    }
  }),

  test(["objects"], "a query sees an object as its last put left it", async ({ objects }) => {
    let version: string | null = null;
    for (const meta of [...METAS, ...METAS.toReversed()]) {
      version = await objects.put("s", meta, version);
      for (const archived of [true, false]) {
        for (const lastActiveBefore of [undefined, 150]) {
          await checkQuery(objects, { archived, lastActiveBefore: lastActiveBefore }, new Map([["s", meta]]));
        }
      }
    }
  }),

  test(["objects"], "a prefix is taken literally, character by character", async ({ objects }) => {
    const stored = new Map<string, Meta>(PREFIXED.map((id) => [id, {}]));
    for (const id of PREFIXED) await objects.put(id, {}, null);
    for (const prefix of ["", ...PREFIXED]) await checkQuery(objects, { prefix }, stored);
  }),
];

/** A query is a hint: a store may give more than was asked for, but never less. */
import { KEY, type Meta, matchesQuery, type ObjectQuery, type ObjectStore } from "@session-archiver/core";
import { about, type Case } from "../case.js";
import { check, equal } from "../support/assert.js";
import { all } from "../support/data.js";

const test = about("Objects: queries");

/** Every state a sweep tells apart, and metadata that isn't what it should be. */
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
  { [KEY.archivedAt]: 0, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: -1, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: "yes", [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: true, [KEY.lastActivity]: 100 },
  { [KEY.archivedAt]: 150, [KEY.resumedAt]: "no", [KEY.lastActivity]: 100 },
];

const QUERIES: readonly ObjectQuery[] = [undefined, "s", "s1", "s1/", "none"].flatMap((prefix) =>
  [undefined, 0, 99, 100, 200, 200.25, 2_000_000_000_000].flatMap((idleSince) =>
    [undefined, true, false].map((archived) => ({ prefix, idleSince, archived })),
  ),
);

/** Fails if the store gives less than it should, or what isn't there. */
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

/** Characters that mean something in patterns, and the ends of the sort orders by code unit and code point. */
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

  test(["objects"], "a query sees an object as its last put left it", async ({ objects }) => {
    let version: string | null = null;
    for (const meta of [...METAS, ...METAS.toReversed()]) {
      version = await objects.put("s", meta, version);
      for (const archived of [true, false]) {
        for (const idleSince of [undefined, 150]) {
          await checkQuery(objects, { archived, idleSince }, new Map([["s", meta]]));
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

/** Lists through the index on their order: what an older program has written, and what it writes meanwhile, included. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createArchiver, type Meta, type ObjectStore } from "@session-archiver/core";
import { comparePlaces, KEY, listingOf, placeOf } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../src/index.js";
import { oldProgram } from "./support/schema-3.js";
import { databaseFile, hosts, openPath, tamper, ways } from "./support/stores.js";

const facts = (title: string): Meta => ({ [KEY.facts]: { by: "x", version: 1, values: { title, state: { title } } } });

/** All that an older version may have left: ties, sessions that are cut short, unknown times, and long facts. */
const METAS: ReadonlyMap<string, Meta> = new Map<string, Meta>([
  ["a", { [KEY.lastActivity]: 500, ...facts("A") }],
  ["b", { [KEY.lastActivity]: 900, ...facts("B") }],
  ["c", { [KEY.lastActivity]: 500, [KEY.archivedAt]: 600 }],
  ["cut", { [KEY.lastActivity]: 700, [KEY.settlingAt]: 800, [KEY.archivedAt]: 800 }],
  ["cut/2", { [KEY.lastActivity]: "x", [KEY.settlingAt]: 800 }],
  ["cut/3", { [KEY.settlingAt]: 800 }],
  ["in ns", { [KEY.lastActivity]: 1_800_000_000_000_000_000 }],
  ["half", { [KEY.lastActivity]: 500.5 }],
  ["long", { [KEY.lastActivity]: 650, ...facts("long ".repeat(2000)) }],
  ["unknown", { view: "agent" }],
  ["é\0😀", { [KEY.lastActivity]: 500 }],
]);

function expected(metas: ReadonlyMap<string, Meta>): readonly unknown[] {
  return [...metas].map(([id, meta]) => ({ ...placeOf(id, meta), listing: listingOf(meta) })).sort(comparePlaces);
}

async function newestOf(objects: ObjectStore): Promise<readonly unknown[]> {
  return all(objects.listNewest?.() ?? expect.fail());
}

/** Written by a program of schema 3. */
async function oldDatabase(metas: Iterable<readonly [string, Meta | string]> = METAS): Promise<string> {
  const file = databaseFile();
  const old = await oldProgram(file);
  for (const [id, meta] of metas) old.put(id, meta);
  old.close();
  return file;
}

describe.each(ways)("through %s", (_, open) => {
  test("what an older version wrote is listed in its place", async () => {
    const file = await oldDatabase();
    const { store, close } = await open(file);
    expect(await newestOf(store.objects)).toEqual(expected(METAS));
    const { version } = (await store.objects.get("a")) ?? expect.fail();
    const changed = { [KEY.lastActivity]: 600 };
    await store.objects.put("a", changed, version);
    expect(await newestOf(store.objects)).toEqual(expected(new Map([...METAS, ["a", changed]])));
    await close();
  });
});

function many(n: number): readonly (readonly [string, Meta])[] {
  return Array.from(
    { length: n },
    (_, i) => [`many ${i}`, { [KEY.lastActivity]: 1 + ((i * 7) % 1000), n: i }] as const,
  );
}

test("damaged metadata from an older version hides no other object, and is reported", async () => {
  const file = await oldDatabase([...METAS, ["bad", "{"], ["worse", "null"]]);
  tamper(file, "UPDATE sa_objects SET last_activity = 0 WHERE meta = '{'");
  const skipped: Error[] = [];
  const { store, close } = await openPath(file, { onSkipped: (error) => skipped.push(error) });
  expect(await newestOf(store.objects)).toEqual(expected(METAS));
  expect(skipped).toMatchObject([{ code: "CORRUPT" }, { code: "CORRUPT" }]);
  await close();
});

test("opened read-only, a database of schema 3 is sorted, and stays as it is", async () => {
  const file = await oldDatabase();
  tamper(file, "PRAGMA journal_mode = DELETE");
  const hash = (): string => createHash("sha256").update(readFileSync(file)).digest("hex");
  const before = hash();
  await using store = await openSqlite(file, { readOnly: true });
  expect(store.objects.listNewest).toBeUndefined();
  expect([await store.objects.archiveBytes?.(), await store.objects.ownMeta?.get()]).toEqual([0, undefined]);
  // Without "cut", whose archive is nowhere.
  const ids = (await all(createArchiver(store).listNewest())).map(({ id }) => id);
  expect(ids).toEqual(["in ns", "b", "long", "half", "a", "c", "é\0😀", "cut/2", "cut/3", "unknown"]);
  expect(hash()).toBe(before);
});

test("what an older program writes meanwhile is listed as it is", async () => {
  const one = fc.record({
    id: fc.constantFrom("a", "b", "c"),
    by: fc.constantFrom("old", "new"),
    at: fc.option(fc.integer({ min: 1, max: 3 })),
    title: fc.option(fc.string({ maxLength: 3 })),
    isCut: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async (steps) => {
      const file = databaseFile();
      const { store, close } = await openPath(file);
      const old = await oldProgram(file);
      const metas = new Map<string, Meta>();
      for (const { id, by, at, title, isCut } of steps) {
        const found = await store.objects.get(id);
        if (title === null) {
          if (found && by === "new") await store.objects.delete(id, found.version);
          if (found && by === "old") old.remove(id);
          metas.delete(id);
        } else {
          const meta = { [KEY.lastActivity]: at, ...facts(`secret ${title}`), ...(isCut && { [KEY.settlingAt]: 5 }) };
          if (by === "old") old.put(id, meta);
          else await store.objects.put(id, meta, found?.version ?? null);
          metas.set(id, meta);
        }
        expect(await newestOf(store.objects)).toEqual(expected(metas));
      }
      old.close();
      await close();
    }),
    { numRuns: 30 },
  );
});

test.each(hosts)("a list that is left early has read few rows, however many there are (%s)", async (_, connect) => {
  const file = await oldDatabase(many(3000));
  const host = connect(file);
  let rows = 0;
  const counting = {
    exec: (sql: string) => host.exec(sql),
    prepare(sql: string) {
      const statement = host.prepare(sql);
      const every = statement.all.bind(statement) as (...values: unknown[]) => unknown[];
      const counted = (...values: unknown[]): unknown[] => {
        const found = every(...values);
        rows += found.length;
        return found;
      };
      return Object.assign(statement, { all: counted });
    },
  };
  const store = await openSqlite(counting);
  rows = 0;
  for await (const { id } of createArchiver(store).listNewest()) if (id !== "") break;
  expect(rows).toBeLessThan(500);
  await store.close();
  host.close();
});

test("a host that trusts no schema can use it", async () => {
  const file = databaseFile();
  const [[, connect] = expect.fail()] = hosts;
  const host = connect(file);
  host.exec("PRAGMA trusted_schema = OFF");
  const store = await openSqlite(host);
  for (const [id, meta] of METAS) await store.objects.put(id, meta, null);
  expect(await newestOf(store.objects)).toEqual(expected(METAS));
  await store.close();
  host.close();
});

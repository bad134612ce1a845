/** Lists through the index on their order: what an older program has written, and what it writes meanwhile, included. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createArchiver, type Meta, type ObjectStore } from "@session-archiver/core";
import { comparePlaces, KEY, listingOf, placeOf } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Database } from "../src/database.js";
import { driverOf, type Row } from "../src/driver.js";
import { openSqlite } from "../src/index.js";
import { MIGRATIONS } from "../src/migrations.js";
import { migrate } from "../src/schema.js";
import { tablesOf } from "../src/tables.js";
import { oldProgram } from "./support/schema-3.js";
import { databaseFile, hosts, openPath, tamper, ways } from "./support/stores.js";
import { watched } from "./support/watched.js";

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

test("metadata of any shape is listed as the whole of it would be", async () => {
  const keys = [KEY.facts, KEY.source, KEY.archiveFiles, KEY.lastActivity, KEY.aliases, "x"];
  const values = fc.dictionary(fc.constantFrom("title", "state", "x"), fc.jsonValue());
  const noted = fc.record({ by: fc.string(), version: fc.nat(), values: fc.oneof(values, fc.jsonValue()) });
  const meta = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), noted));
  const { store, close } = await openPath(databaseFile());
  await fc.assert(
    fc.asyncProperty(fc.oneof(meta, fc.record({ [KEY.facts]: noted })), async (any) => {
      const found = await store.objects.get("a");
      await store.objects.put("a", any as Meta, found?.version ?? null);
      const stored = (await store.objects.get("a")) ?? expect.fail();
      expect(await newestOf(store.objects)).toEqual(expected(new Map([["a", stored.meta]])));
    }),
  );
  await close();
});

test("metadata that is nested too deeply for SQLite is listed, too", async () => {
  const deep = { [KEY.lastActivity]: 5, ...facts("deep"), x: JSON.parse(`${"[".repeat(1500)}${"]".repeat(1500)}`) };
  const { store, close } = await openPath(databaseFile());
  await store.objects.put("a", deep, null);
  expect(await newestOf(store.objects)).toEqual(expected(new Map([["a", deep]])));
  await close();
});

test.each(hosts)("the longest of what lists leave out is not read into the program (%s)", async (_, connect) => {
  const long = "long ".repeat(1000);
  const meta = { ...facts("A"), [KEY.source]: { location: long }, [KEY.archiveFiles]: [long] };
  const host = connect(await oldDatabase([["a", { ...meta, [KEY.lastActivity]: 5 }]]));
  const lengths: number[] = [];
  const note = ({ meta: text }: Row): void => void (typeof text === "string" && lengths.push(text.length));
  const store = await openSqlite(watched(host, note));
  expect(await newestOf(store.objects)).toHaveLength(1);
  expect(lengths).toHaveLength(1);
  expect(lengths[0]).toBeLessThan(200);
  await store.close();
  host.close();
});

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

test("opened read-only, a database without claims is listed by its index, and stays as it is", async () => {
  const file = databaseFile();
  const handle = new DatabaseSync(file);
  await migrate(new Database(driverOf(handle), "full", 0), tablesOf("sa_"), MIGRATIONS.slice(0, 4));
  handle.close();
  tamper(
    file,
    `INSERT INTO sa_objects (id, version, archived, last_activity, meta) VALUES (x'61', 'v', 0, 5, '{"view":"agent"}')`,
  );
  const hash = (): string => createHash("sha256").update(readFileSync(file)).digest("hex");
  const before = hash();
  await using store = await openSqlite(file, { readOnly: true });
  expect(await newestOf(store.objects)).toMatchObject([{ id: "a", lastActivityMs: 5 }]);
  expect(store.objects.claim).toBeUndefined();
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
  const store = await openSqlite(watched(host, () => rows++));
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

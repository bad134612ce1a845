/** Queries through the index: they give what a look at every object gives, whatever has happened to the store meanwhile. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KEY, type Meta, matchesQuery, type ObjectQuery, type ObjectStore } from "@session-archiver/core/adapter";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openFs } from "../src/index.js";
import { recordPath, sessionPath } from "../src/layout.js";
import { actual, replaceFs } from "./support/replace-fs.js";
import { temporary } from "./support/temporary.js";

const INDEX = ["store", ".staging", "index"];
const SETTLED_MS = 10_000;
/** Later than it is, so that what was just written counts as settled. */
let later = SETTLED_MS;

beforeEach(() => {
  later = SETTLED_MS;
  const { now } = Date;
  vi.spyOn(Date, "now").mockImplementation(() => now.call(Date) + later);
});
afterEach(() => vi.restoreAllMocks());

/** Returns once a file that is made now has another time than those before: in a real store, seconds lie between. */
async function tick(directory: string): Promise<void> {
  const probe = join(directory, "probe");
  const time = async (): Promise<number> => {
    await writeFile(probe, "");
    return (await stat(probe)).ctimeMs;
  };
  for (const before = await time(); (await time()) === before; );
}

const ids = async (objects: ObjectStore, query: ObjectQuery): Promise<string[]> =>
  (await Array.fromAsync(objects.list(query))).map(({ id }) => id).sort();

async function expected(objects: ObjectStore, query: ObjectQuery): Promise<string[]> {
  const all = await Array.fromAsync(objects.list());
  return all
    .filter(({ id, meta }) => matchesQuery(id, meta, query))
    .map(({ id }) => id)
    .sort();
}

const LIVE: Meta = { view: "agent", [KEY.lastActivity]: 2000 };
const IDLE: ObjectQuery = { archived: false, lastActiveBefore: 1000 };

/** As many that an index is written. */
async function filled(objects: ObjectStore, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => objects.put(`p${n % 3}/${n}`, LIVE, null)));
}

function countingReads(): Disposable & { readonly reads: number } {
  let reads = 0;
  const replaced = replaceFs({
    readFileSync(...args: Parameters<typeof actual.readFileSync>) {
      reads++;
      return actual.readFileSync(...args);
    },
  });
  return {
    get reads() {
      return reads;
    },
    [Symbol.dispose]: () => replaced[Symbol.dispose](),
  };
}

/** Counts looks at records. */
function countingLooks(): Disposable & { count: number } {
  const replaced = replaceFs({
    lstatSync(...[path, ...rest]: Parameters<typeof actual.lstatSync>) {
      if (String(path).endsWith(".session.json")) looks.count++;
      return actual.lstatSync(path, ...rest);
    },
  });
  const looks = { count: 0, [Symbol.dispose]: () => replaced[Symbol.dispose]() };
  return looks;
}

test.each([100, 1_000])(
  "of %i sessions of which none is wanted, none is read, and of those that changed each once",
  async (count) => {
    await using directory = await temporary();
    await using store = openFs(directory.path);
    await filled(store.objects, count);
    await tick(directory.path);
    expect(await ids(store.objects, IDLE)).toEqual([]);
    await tick(directory.path);
    {
      using counting = countingReads();
      expect(await ids(store.objects, IDLE)).toEqual([]);
      expect(await ids(store.objects, { prunedBefore: 1000 })).toEqual([]);
      expect(counting.reads).toBe(2); // the index
    }
    await using other = openFs(directory.path);
    for (const id of ["p0/0", "p1/1"]) {
      const version = (await other.objects.get(id))?.version ?? "";
      await other.objects.put(id, { ...LIVE, [KEY.lastActivity]: 500 }, version);
    }
    await other.objects.put("p2/new", { ...LIVE, [KEY.lastActivity]: 600 }, null);
    using counting = countingReads();
    expect(await ids(store.objects, IDLE)).toEqual(["p0/0", "p1/1", "p2/new"]);
    expect(counting.reads).toBe(4);
  },
);

test("in any history of two writers and of people who move files, queries give what a look at every object gives", async () => {
  const name = fc.constantFrom("a", "a/b", "a/b/c", "x/1", "x/2", "X", "__proto__", "constructor/b");
  const time = fc.constantFrom(500, 2000);
  const step = fc.oneof(
    fc.record({
      put: name,
      lastActivity: time,
      archivedAt: fc.constantFrom(null, 5),
      prunedAt: fc.constantFrom(null, 700),
    }),
    fc.record({ delete: name }),
    fc.record({
      query: fc.constantFrom<ObjectQuery>(IDLE, { archived: true }, { prunedBefore: 1000 }, { ...IDLE, prefix: "a/" }),
    }),
    fc.record({ swap: fc.tuple(name, name) }),
    fc.record({ asOlder: name }),
    fc.record({ damageIndexAt: fc.nat(3000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await using directory = await temporary();
      await using one = openFs(directory.path, { onSkipped: () => undefined });
      await using two = openFs(directory.path, { onSkipped: () => undefined });
      await filled(one.objects, 70);
      const at = (id: string): string => join(directory.path, "store", ...recordPath(sessionPath(id)));
      for (const [n, each] of steps.entries()) {
        const { objects } = n % 2 ? one : two;
        await tick(directory.path);
        if ("put" in each) {
          const keys = {
            [KEY.lastActivity]: each.lastActivity,
            [KEY.archivedAt]: each.archivedAt,
            [KEY.prunedAt]: each.prunedAt,
          };
          const before = await objects.get(each.put).catch(() => "damaged" as const);
          if (before !== "damaged") await objects.put(each.put, { view: "agent", ...keys }, before?.version ?? null);
        } else if ("delete" in each) {
          const before = await objects.get(each.delete).catch(() => undefined);
          if (before) await objects.delete(each.delete, before.version);
        } else if ("swap" in each) {
          // By hand: a file goes elsewhere, where it doesn't belong, or comes back.
          const [from, to] = each.swap.map(at);
          await rename(from ?? "", to ?? "").catch(() => undefined);
        } else if ("asOlder" in each) {
          const record = at(each.asOlder);
          const own = record.replace(/\.session\.json$/, "");
          if (existsSync(record)) await mkdir(own, { recursive: true });
          await rename(record, join(own, "session.json")).catch(() => undefined);
        } else if ("damageIndexAt" in each) {
          const file = join(directory.path, ...INDEX);
          const bytes = await readFile(file).catch(() => undefined);
          if (bytes)
            await writeFile(file, bytes.fill(7, each.damageIndexAt % bytes.length).subarray(0, each.damageIndexAt + 9));
        } else {
          expect(await ids(objects, each.query)).toEqual(await expected(objects, each.query));
        }
      }
      for (const query of [IDLE, { archived: true }, { prunedBefore: 1000 }]) {
        expect(await ids(one.objects, query)).toEqual(await expected(two.objects, query));
      }
    }),
    { numRuns: 15 },
  );
});

test("in a store that has not changed, sessions without a folder are not looked at, and the index stays", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await Promise.all(Array.from({ length: 300 }, (_, n) => store.objects.put(`agent:${n}`, LIVE, null)));
  await tick(directory.path);
  await ids(store.objects, IDLE);
  const { ino, ctimeMs } = await stat(join(directory.path, ...INDEX));
  await tick(directory.path);
  using looks = countingLooks();
  await ids(store.objects, IDLE);
  expect(looks.count).toBe(0);
  expect(await stat(join(directory.path, ...INDEX))).toMatchObject({ ino, ctimeMs });
});

test("the index of an older build goes when there is a new one, and with `erase`", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 100);
  const old = join(directory.path, "store", ".index");
  for (const step of [() => ids(store.objects, IDLE), () => store.erase()]) {
    await writeFile(old, "names of sessions");
    await tick(directory.path);
    await step();
    expect(existsSync(old)).toBe(false);
  }
});

test("the sessions beside one that has changed are looked at once, not by each listing from then on", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 300);
  await tick(directory.path);
  await ids(store.objects, IDLE);
  await store.objects.put("p0/0", LIVE, (await store.objects.get("p0/0"))?.version ?? "");
  await tick(directory.path);
  using looks = countingLooks();
  await ids(store.objects, IDLE);
  expect(looks.count).toBeGreaterThanOrEqual(100);
  looks.count = 0;
  await ids(store.objects, IDLE);
  expect(looks.count).toBe(0);
});

test("what has just changed is not believed to stay so, as it may change again without another time", async () => {
  const start = Date.now();
  vi.mocked(Date.now).mockReturnValue(start + 1000);
  using _ = replaceFs({
    lstatSync(...[path, ...rest]: Parameters<typeof actual.lstatSync>) {
      const stats = actual.lstatSync(path, ...rest);
      return String(path).includes("store/p") ? stats && Object.assign(stats, { ino: 7, ctimeMs: start }) : stats;
    },
  });
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 100);
  expect(await ids(store.objects, IDLE)).toEqual([]);
  const version = (await store.objects.get("p0/0"))?.version ?? "";
  await store.objects.put("p0/0", { ...LIVE, [KEY.lastActivity]: 500 }, version);
  expect(await ids(store.objects, IDLE)).toEqual(["p0/0"]);
});

test("an index in which a byte has changed is not believed", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 100);
  await tick(directory.path);
  await ids(store.objects, IDLE);
  const file = join(directory.path, ...INDEX);
  const text = await readFile(file, "utf8");
  expect(text).toContain("[0,2000,null,null]");
  await writeFile(file, text.replaceAll("[0,2000,null,null]", "[1,2000,null,null]"));
  expect(await ids(store.objects, { archived: false, lastActiveBefore: 3000 })).toHaveLength(100);
});

test("an edit in place is found when the index is a day old", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 100);
  await tick(directory.path);
  await ids(store.objects, IDLE);
  const file = join(directory.path, "store", "p0", "0.session.json");
  await writeFile(file, (await readFile(file, "utf8")).replace("2000", "0500"));
  await writeFile(file, (await readFile(file, "utf8")).replace("0500", "500"));
  later += 24 * 60 * 60 * 1000;
  expect(await ids(store.objects, IDLE)).toEqual(["p0/0"]);
});

test("an index that somebody made up leads nowhere, and ends no listing", async () => {
  await using directory = await temporary();
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  await store.objects.put("a", { ...LIVE, [KEY.lastActivity]: 500 }, null);
  await writeFile(join(directory.path, "store", "session.json"), "{}");
  await store.objects.put("p/b", { ...LIVE, [KEY.lastActivity]: 500 }, null);
  const { ino, ctimeMs } = await stat(join(directory.path, "store", "p"));
  const root = await stat(join(directory.path, "store"));
  const { crc32 } = await import("node:zlib");
  const found = [ino, ctimeMs, [0, 500, null, null]];
  const up = { "..": [1, 2, { "../a": found, "..": found }, { "..": [1, 2, {}, {}] }] };
  const asIs = [root.ino, root.ctimeMs];
  for (const top of [
    [1, 2, { a: found }, up],
    [...asIs, { a: found, "../a": found, ".a": 5 }, { ...up, p: [1, 2, {}, {}] }],
    [...asIs, { a: 5 }, { p: [ino, ctimeMs, { b: found }, up] }],
    [...asIs, { a: found }, { p: 1 }],
    [...asIs, { a: found }, { p: [ino, ctimeMs, 5, up] }],
    [...asIs, { a: found }, { p: [ino, ctimeMs, { b: [ino, ctimeMs, 5] }, {}] }],
    5,
    null,
  ]) {
    const body = JSON.stringify({ since: Date.now(), top });
    await writeFile(join(directory.path, ...INDEX), `session-archiver-index 2 ${crc32(body).toString(16)}\n${body}`);
    expect(await ids(store.objects, IDLE)).toEqual(["a", "p/b"]);
  }
  expect(skipped).toEqual([]);
});

test("a store that is only read gets no index, and `erase` takes it away", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await filled(store.objects, 100);
  await tick(directory.path);
  await using reading = openFs(directory.path, { readOnly: true });
  await ids(reading.objects, IDLE);
  const file = join(directory.path, ...INDEX);
  expect(existsSync(file)).toBe(false);
  await ids(store.objects, {});
  expect(existsSync(file)).toBe(false);
  await ids(store.objects, IDLE);
  expect(existsSync(file)).toBe(true);
  await store.erase();
  expect(existsSync(file)).toBe(false);
  await rm(join(directory.path, "probe"));
});

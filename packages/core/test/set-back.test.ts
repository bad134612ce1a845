/** A catalogue that was set back, or whose store was copied, gives up nothing. */
import { describe, expect, test } from "vitest";
import { memoryArchives, memoryBlobs, memoryObjects } from "../src/adapter.js";
import { createArchiver, type OwnMeta, type Ports } from "../src/index.js";
import { DAY, jsonl, keysOf, makeSession, readText, recordsOf, type World, world } from "./support.js";

const text = jsonl(5);
const PURGE = { maxTotalBytes: 0, graceDays: 0 };

/** Another catalogue that holds what this one holds now: a backup of it, or a copied home. */
async function copyOf(w: World): Promise<World> {
  const objects = memoryObjects();
  const blobs = memoryBlobs();
  for await (const { id, meta } of w.ports.objects.list()) {
    await objects.put(id, meta, null);
    for await (const blob of w.ports.blobs.list(id))
      await blobs.create(blob.key, blob.generation, w.ports.blobs.read(blob));
  }
  const own = await w.ports.objects.ownMeta?.get();
  if (own) await objects.ownMeta?.put(own.meta, null);
  const ports: Ports = { objects, blobs, archives: w.ports.archives };
  const copy = world(ports);
  copy.now = w.now;
  return copy;
}

async function archived(...ids: string[]): Promise<World> {
  const w = world();
  for (const id of ids) await makeSession(w, id, text);
  for (const id of ids) await w.archiver.archive(id);
  return w;
}

describe("set back to before", () => {
  test("an undone prune: a purge is refused, and the bytes stay", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    const backup = await copyOf(w);
    await w.archiver.undoPrune("s");
    const report = await backup.archiver.prune(PURGE);
    expect(report).toMatchObject({ archiveBytesFreed: 0 });
    expect(report.refused).toMatch(/run record/);
    expect(await readText(w, "s")).toBe(text);
    expect((await backup.archiver.gc({ graceDays: 0 })).refused).toMatch(/run record/);
    await expect(backup.archiver.remove("s")).rejects.toMatchObject({ code: "CONFLICT" });
    // The way out.
    expect(await backup.archiver.catchUp()).toMatchObject({ records: 1, unpruned: ["s"] });
    expect(await readText(backup, "s")).toBe(text);
    expect(await backup.archiver.catchUp()).toMatchObject({ records: 0, unpruned: [] });
    expect((await backup.archiver.gc({ graceDays: 0 })).refused).toBeNull();
  });

  test("the middle of an undo, when its record was noted and nothing done: a purge finishes the undo", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    let backup: World | undefined;
    const own = w.ports.objects.ownMeta as OwnMeta;
    const put: OwnMeta["put"] = async (...args) => {
      const version = await own.put(...args);
      backup ??= await copyOf(w);
      return version;
    };
    const objects = { ...w.ports.objects, ownMeta: { get: own.get, put } };
    await world({ ...w.ports, objects }).archiver.undoPrune("s");
    expect((await backup?.archiver.info("s"))?.state).toBe("pruned");
    expect(await backup?.archiver.prune({ graceDays: 0 })).toMatchObject({ refused: null, archiveBytesFreed: 0 });
    expect((await backup?.archiver.info("s"))?.state).toBe("archived");
    expect(await readText(w, "s")).toBe(text);
    if (backup) backup.now += DAY;
    await backup?.archiver.pruneSession("s");
    expect((await backup?.archiver.prune({ graceDays: 0 }))?.archiveBytesFreed).toBeGreaterThan(0);
  });

  test("output that took a tombstone back", async () => {
    const w = await archived("s");
    await w.archiver.pruneSession("s");
    const backup = await copyOf(w);
    await w.archiver.recorder("s").append("more\n");
    expect((await backup.archiver.prune(PURGE)).refused).toMatch(/run record/);
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("a pin: it is pinned again, and not pruned", async () => {
    const w = await archived("s");
    const backup = await copyOf(w);
    await w.archiver.pin("s", true);
    expect((await backup.archiver.prune(PURGE)).refused).toMatch(/run record/);
    expect(await backup.archiver.catchUp()).toMatchObject({ pinned: ["s"], unpruned: ["s"] });
    expect((await backup.archiver.info("s")).pinned).toBe(true);
  });

  test("a second archive of one session: not one session is purged", async () => {
    const w = await archived("a", "s", "z");
    for (const id of ["a", "s", "z"]) await w.archiver.pruneSession(id);
    const backup = await copyOf(w);
    await w.archiver.undoPrune("s");
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.archive("s");
    // Even if the records were lost as well.
    for (const key of await recordsOf(w)) await w.ports.archives.delete(key);
    const report = await backup.archiver.prune(PURGE);
    expect(report.refused).toContain('session "s"');
    for (const id of ["a", "z"]) {
      await w.archiver.undoPrune(id);
      expect(await readText(w, id)).toBe(text);
    }
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("a removal, a purge and a restore: what they gave up is told", async () => {
    const w = await archived("removed", "purged", "restored");
    const backup = await copyOf(w);
    await w.archiver.remove("removed");
    await w.archiver.pruneSession("purged");
    await w.archiver.prune(PURGE);
    await w.archiver.restore("restored").catch(() => {});
    const { givenUp } = await backup.archiver.catchUp();
    expect(givenUp.map(({ id, change }) => `${id} ${change}`)).toEqual(
      expect.arrayContaining(["removed removed", "purged purged"]),
    );
  });
});

test("two copies of a store that both go on: neither collects what the other needs", async () => {
  const w = await archived("a", "b");
  const copy = await copyOf(w);
  await w.archiver.restore("a");
  await copy.archiver.pin("b", true);
  for (const one of [w, copy]) expect((await one.archiver.gc({ graceDays: 0 })).refused).not.toBeNull();
  for (const id of ["a", "b"]) expect(await readText(copy, id)).toBe(text);
});

test("a catalogue that knows every record gives up as it should, also after a crash between note and record", async () => {
  const w = await archived("s");
  const { put } = w.ports.archives;
  w.ports.archives.put = async (key, ...rest) => {
    if (key.includes("/runs/")) throw Object.assign(new Error("crash"), { code: "UNAVAILABLE" });
    return put(key, ...rest);
  };
  await expect(w.archiver.pin("s", true)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  w.ports.archives.put = put;
  expect((await w.archiver.info("s")).pinned).toBe(false);
  expect(await w.archiver.prune(PURGE)).toMatchObject({ prunedCount: 1, refused: null });
  expect(await keysOf(w)).toEqual([]);
});

describe("records", () => {
  test("one a run, however many sessions; what was given up, when and how much", async () => {
    const w = await archived("a", "b", "c");
    await w.archiver.prune({ maxTotalBytes: 0 });
    const [key, ...more] = await recordsOf(w);
    expect(more).toEqual([]);
    const { totalBytes } = await w.archiver.info("a");
    const record = JSON.parse(await textAt(w, key));
    expect(record).toMatchObject({ format: 1, store: await w.archiver.storeId(), after: null });
    expect(record.runs).toHaveLength(1);
    expect(record.runs[0]).toMatchObject({ operation: "prune", at: w.now });
    expect(record.runs[0].changes).toHaveLength(3);
    expect(record.runs[0].changes[0]).toMatchObject({ id: "a", change: "pruned", archiveBytes: totalBytes });
    w.now += 8 * DAY;
    await w.archiver.prune({ maxTotalBytes: 0 });
    expect(await recordsOf(w)).toHaveLength(2);
  });

  test("many at once share one; many are made into one, and a copy that knew them knows that one", async () => {
    const w = await archived("a", "b");
    await Promise.all(Array.from({ length: 30 }, (_, n) => w.archiver.pin("a", n % 2 === 0)));
    expect((await recordsOf(w)).length).toBeLessThan(20);
    for (let n = 0; n < 60; n++) await w.archiver.pin("b", n % 2 === 0);
    const copy = await copyOf(w);
    const before = await recordsOf(w);
    for (let n = 0; n < 20; n++) await w.archiver.pin("b", n % 2 === 0);
    const after = await recordsOf(w);
    expect(after.length).toBeLessThan(60);
    expect(after.some((key) => !before.includes(key))).toBe(true);
    expect((await w.archiver.gc({ graceDays: 0 })).refused).toBeNull();
    const { records } = await copy.archiver.catchUp();
    expect(records).toBeGreaterThan(0);
    expect(records).toBeLessThanOrEqual(20);
  });

  test("one that can't be read counts as unknown, never as nothing", async () => {
    const w = await archived("s");
    const store = await w.archiver.storeId();
    await w.ports.archives.put(`${store}/runs/20260101t000000000z.0123456789abcdef.json`, (async function* () {})());
    expect((await w.archiver.prune(PURGE)).refused).toMatch(/run record/);
    expect(await w.archiver.catchUp()).toMatchObject({ records: 1 });
    expect((await w.archiver.prune(PURGE)).refused).toBeNull();
  });
});

async function textAt({ ports }: World, key = ""): Promise<string> {
  const chunks = await Array.fromAsync(ports.archives.read(key));
  return Buffer.concat(chunks).toString();
}

test("an empty catalogue beside archives does not pass for whole", async () => {
  const w = await archived("s");
  const lost = world({ archives: w.ports.archives });
  expect(await lost.archiver.lacksCatalogue()).toBe(true);
  expect((await lost.archiver.verifyAll()).bad).toMatchObject([{ code: "CORRUPT" }]);
  expect(await w.archiver.lacksCatalogue()).toBe(false);
  const empty = world();
  expect(await empty.archiver.lacksCatalogue()).toBe(false);
  expect(await empty.archiver.verifyAll()).toEqual({ checked: 0, bad: [] });
});

test("damaged notes are an error, not a new identity", async () => {
  const w = await archived("s");
  const own = await w.ports.objects.ownMeta?.get();
  await w.ports.objects.ownMeta?.put({ id: 7 }, own?.version ?? null);
  const later = world(w.ports);
  await expect(later.archiver.storeId()).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(later.archiver.gc()).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await readText(later, "s")).toBe(text);
});

test("in another store's sink a purge gives nothing up, and says that it is another", async () => {
  const w = await archived("s");
  await w.archiver.pruneSession("s");
  const swapped = createArchiver({ ...w.ports, archives: memoryArchives(), now: () => w.now });
  const report = await swapped.prune(PURGE);
  expect(report).toMatchObject({ purgedCount: 0, failures: [{ id: "s", code: "CORRUPT" }] });
  await w.archiver.undoPrune("s");
  expect(await readText(w, "s")).toBe(text);
});

/** Run records: what is on record, in how many records, and what one that can't be read counts as. */
import { expect, test } from "vitest";
import { archived, copyOf, text } from "../catalogues.js";
import { DAY, eventsOf, keysOf, makeSession, readText, recordsOf, type World, world } from "../support.js";

async function textAt({ ports }: World, key = ""): Promise<string> {
  const chunks = await Array.fromAsync(ports.archives.read(key));
  return Buffer.concat(chunks).toString();
}

const PURGE = { maxTotalBytes: 0, graceDays: 0 };

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

test("large ones stay as they are when the others are made into one", async () => {
  const w = world();
  for (let n = 0; n < 30; n++) await makeSession(w, `s${n}`, text, { title: "x".repeat(25_000) });
  for (let n = 0; n < 30; n++) await w.archiver.archive(`s${n}`);
  expect(await w.archiver.prune(PURGE)).toMatchObject({ purgedCount: 30 });
  const [large = ""] = await recordsOf(w);
  expect((await w.ports.archives.stat(large))?.size).toBeGreaterThan(700_000);
  await makeSession(w, "p", text);
  for (let n = 0; n < 100; n++) await w.archiver.pin("p", n % 2 === 0);
  const left = await recordsOf(w);
  expect(left.length).toBeLessThan(60);
  expect(left).toContain(large);
  expect((await w.archiver.gc({ graceDays: 0 })).refused).toBeNull();
});

test("a sink that takes no record keeps nobody from writing to an archived session, but gives nothing up", async () => {
  const w = await archived("s");
  w.ports.archives.put = async () => {
    throw Object.assign(new Error("The disk is full."), { code: "QUOTA" });
  };
  const recorder = w.archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  expect(await readText(w, "s")).toBe(`${text}more\n`);
  expect(eventsOf(w, "warning")).toMatchObject([{ id: "s", code: "QUOTA" }]);
  await expect(w.archiver.pin("s", true)).rejects.toMatchObject({ code: "QUOTA" });
});

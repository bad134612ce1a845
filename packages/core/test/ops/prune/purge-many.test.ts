/** What a purge of many sessions looks for in the sink, and that it believes no list that is older than it. */
import { expect, test } from "vitest";
import { bytesOf, toBytes } from "../../../src/bytes.js";
import { ArchiverError, type ArchiveSink, createArchiver } from "../../../src/index.js";
import { archived, copyOf, text } from "../../catalogues.js";
import { DAY, makeSession, readText, recordsOf, type World } from "../../support.js";

const PURGE = { maxTotalBytes: 0, graceDays: 0 };
const IDS = Array.from({ length: 20 }, (_, n) => `s${n}`);

/** A purge through a sink whose lists are changed; and the prefixes that were asked for. */
async function purge({ ports }: World, list: ArchiveSink["list"] = ports.archives.list) {
  const prefixes: (string | undefined)[] = [];
  const archives: ArchiveSink = {
    ...ports.archives,
    list(prefix, op) {
      prefixes.push(prefix);
      return list(prefix, op);
    },
  };
  const report = await createArchiver({ ...ports, archives }).prune(PURGE);
  return { report, ofSessions: prefixes.filter((prefix) => prefix !== undefined && !prefix.includes("/runs/")) };
}

test("one list of the sink shows the archives of many sessions", async () => {
  const w = await archived(...IDS);
  const { report, ofSessions } = await purge(w);
  expect(report).toMatchObject({ purgedCount: IDS.length, refused: null, failures: [] });
  expect(ofSessions).toEqual([]);
});

test("in a sink of many more, each is looked for alone", async () => {
  const w = await archived(...IDS);
  const all = w.ports.archives;
  const { report, ofSessions } = await purge(w, async function* (prefix, op) {
    if (prefix === undefined) {
      const other = { key: "other", size: 1, createdAt: 0 };
      yield* Array.from({ length: 50 * IDS.length }, () => other);
    }
    yield* all.list(prefix, op);
  });
  expect(report).toMatchObject({ purgedCount: IDS.length, refused: null });
  expect(ofSessions.length).toBeGreaterThanOrEqual(IDS.length);
});

test("a list that fails stops no purge", async () => {
  const w = await archived(...IDS);
  const { report } = await purge(w, async function* (prefix, op) {
    yield* w.ports.archives.list(prefix, op);
    if (prefix === undefined) throw new ArchiverError("CORRUPT", "One entry can't be read.");
  });
  expect(report).toMatchObject({ purgedCount: IDS.length, refused: null, failures: [] });
});

test("what the sink holds beyond the catalogue keeps all of them", async () => {
  const w = await archived(...IDS);
  const backup = await copyOf(w);
  w.now += DAY;
  await w.archiver.restore("s7");
  await w.archiver.recorder("s7").append("one line more\n");
  await w.archiver.archive("s7");
  // Only the sink shows it: the records are lost.
  for (const key of await recordsOf(w)) await w.ports.archives.delete(key);
  const { report } = await purge(backup);
  expect(report.refused).toMatch(/"s7"/);
  expect(report.purgedCount).toBe(0);
  expect(await readText(w, "s7")).toBe(`${text}one line more\n`);
});

test("a missing archive keeps its session alone", async () => {
  const w = await archived(...IDS);
  const { archiveKey } = await w.archiver.info("s3");
  await w.ports.archives.delete(archiveKey ?? "");
  const { report } = await purge(w);
  expect(report).toMatchObject({ purgedCount: IDS.length - 1, failures: [{ id: "s3", code: "CORRUPT" }] });
});

test("an archive in the place of the one that is missing is unknown, as one beside it is", async () => {
  const w = await archived(...IDS);
  const { archiveKey = "" } = await w.archiver.info("s3");
  const bytes = await toBytes(w.ports.archives.read(archiveKey ?? ""));
  await w.ports.archives.delete(archiveKey ?? "");
  await w.ports.archives.put(
    (archiveKey ?? "").replace(/[0-9a-f]\.jsonl/, (end) => `${end[0] === "0" ? "1" : "0"}.jsonl`),
    bytesOf(bytes),
  );
  const { report } = await purge(w);
  expect(report).toMatchObject({ purgedCount: IDS.length - 1, failures: [{ id: "s3", code: "CORRUPT" }] });
});

test("what it has deleted is not looked for by a sweep later on", async () => {
  const w = await archived(...IDS);
  const looked: string[] = [];
  const archives: ArchiveSink = {
    ...w.ports.archives,
    stat(key, op) {
      looked.push(key);
      return w.ports.archives.stat(key, op);
    },
  };
  const archiver = createArchiver({ ...w.ports, archives, now: () => w.now });
  expect((await archiver.prune(PURGE)).purgedCount).toBe(IDS.length);
  w.now += DAY;
  looked.length = 0;
  await archiver.sweep();
  expect(looked).toEqual([]);
});

test("a session that was archived after the list is looked for again", async () => {
  const w = await archived(...IDS);
  let isListed = false;
  const { report } = await purge(w, async function* (prefix, op) {
    yield* w.ports.archives.list(prefix, op);
    if (prefix !== undefined || isListed) return;
    isListed = true;
    await w.archiver.remove("s5");
    await makeSession(w, "s5", text);
    await w.archiver.archive("s5");
  });
  expect(report).toMatchObject({ purgedCount: IDS.length, refused: null, failures: [] });
});

test("of thousands, what some give up is on record and deleted before the next are read", async () => {
  const many = Array.from({ length: 1100 }, (_, n) => `many${n}`);
  const w = await archived(...many);
  let [onRecord, deleted] = [0, 0];
  /** The most that was on record, and so held, but not yet deleted. */
  let most = 0;
  const archives: ArchiveSink = {
    ...w.ports.archives,
    async put(key, body, op) {
      const bytes = await toBytes(body);
      const { runs = [] } = JSON.parse(new TextDecoder().decode(bytes)) as {
        runs?: { changes: { change: string }[] }[];
      };
      onRecord += runs.flatMap(({ changes }) => changes).filter(({ change }) => change === "purged").length;
      most = Math.max(most, onRecord - deleted);
      return w.ports.archives.put(key, bytesOf(bytes), op);
    },
    async delete(key, op) {
      if (key.endsWith(".jsonl.gz")) deleted++;
      await w.ports.archives.delete(key, op);
    },
  };
  const report = await createArchiver({ ...w.ports, archives }).prune(PURGE);
  expect(report).toMatchObject({ prunedCount: many.length, purgedCount: many.length, refused: null, failures: [] });
  expect([onRecord, deleted]).toEqual([many.length, many.length]);
  expect(most).toBeLessThanOrEqual(1000);
});

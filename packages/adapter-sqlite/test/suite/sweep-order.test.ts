/** A sweep goes through the sessions in the order in which they were stored, so that it writes few pages. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { bytesOf, createArchiver, type StoredObject } from "@session-archiver/core";
import { codeOf, KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { sweepStatements } from "../../src/sweep-ids.js";
import { tablesOf } from "../../src/tables.js";
import { databaseFile, newStore, openPath, rowsOf, tamper, ways } from "../support/stores.js";

const query = { archived: false, lastActiveBefore: 9000 };

/** Ids whose order says nothing of when they were stored. */
const idOf = (n: number): string => createHash("md5").update(String(n)).digest("hex");

/** Inserts objects with such ids, as `put` would store them. Their last activity is `n % 10` seconds. */
function insertObjects(file: string, number: number, first = 1): void {
  const ids = Array.from({ length: number }, (_, n) => `(${first} + ${n}, '${idOf(n)}', ${1000 * (1 + (n % 10))})`);
  tamper(
    file,
    `WITH made(row, id, at) AS (VALUES ${ids.join()})
    INSERT INTO sa_objects (rowid, id, version, archived, last_activity, meta)
    SELECT row, CAST(id AS BLOB), 'v', 0, at, json_object('${KEY.lastActivity}', at) FROM made`,
  );
}

async function idsOf(listing: AsyncIterable<StoredObject>): Promise<string[]> {
  return (await all(listing)).map(({ id }) => id);
}

const idle = (number: number): string[] =>
  Array.from({ length: number }, (_, n) => n)
    .filter((n) => n % 10 < 9)
    .map(idOf);

describe.each(ways)("through %s", (_, open) => {
  test("sessions come as they were stored", async () => {
    const { store, file } = await newStore(open);
    insertObjects(file, 2500);
    expect(await idsOf(store.objects.list(query))).toEqual(idle(2500));
    const prefixed = idle(2500).filter((id) => id.startsWith("a"));
    expect(await idsOf(store.objects.list({ ...query, prefix: "a" }))).toEqual(prefixed);
  });

  test("row numbers that the libraries refuse are no obstacle", async () => {
    const { store, file } = await newStore(open);
    tamper(file, "INSERT INTO sa_objects (rowid, id, version, archived, meta) VALUES (-9e15, x'00', 'v', 1, '{}')");
    insertObjects(file, 2500, 2 ** 53 + 2);
    expect(await idsOf(store.objects.list(query))).toEqual(idle(2500));
  });

  test("a session that is deleted and made again meanwhile does not come twice", async () => {
    const { store, file } = await newStore(open, { synchronous: "normal" });
    insertObjects(file, 2500);
    const met: string[] = [];
    for await (const { id, version, meta } of store.objects.list(query)) {
      met.push(id);
      if (met.length > 100) continue;
      await store.objects.delete(id, version);
      await store.objects.put(id, meta, null);
    }
    expect(met).toEqual(idle(2500));
  });

  test("none is missed while the database is written anew", async () => {
    const { store, file } = await newStore(open);
    insertObjects(file, 2500);
    // Gaps, which a new numbering would close.
    tamper(file, "DELETE FROM sa_objects WHERE rowid % 3 = 0");
    const met: string[] = [];
    for await (const { id } of store.objects.list(query)) if (met.push(id) === 900) await store.erase();
    expect(met).toEqual(idle(2500).filter((id) => rowOf.get(id) !== undefined));
  });
});

/** The rows that the test above keeps. */
const rowOf = new Map(
  Array.from({ length: 2500 }, (_, n) => [idOf(n), n + 1] as const).filter(([, row]) => row % 3 !== 0),
);

test("so do many, for which the index is not used", async () => {
  const { store, file } = await newStore();
  insertObjects(file, 25_000);
  const prefixed = idle(25_000).filter((id) => id.startsWith("a"));
  expect(await idsOf(store.objects.list({ ...query, prefix: "a" }))).toEqual(prefixed);
});

test("damaged rows among many don't hide the others", async () => {
  const file = databaseFile();
  const made = await openPath(file);
  insertObjects(file, 25_000);
  await made.close();
  // A row of the table, and not the entry of the index: the version follows.
  const bytes = readFileSync(file);
  const damaged = Math.floor(bytes.indexOf(`${idOf(12_500)}v`) / 4096);
  writeFileSync(file, bytes.fill(0xa5, damaged * 4096, (damaged + 1) * 4096));

  const skipped: Error[] = [];
  const { store, close } = await openPath(file, { onSkipped: (error) => skipped.push(error) });
  const prefix = idOf(12_500).slice(0, 1);
  const met = await idsOf(store.objects.list({ ...query, prefix }));
  const expected = idle(25_000).filter((id) => id.startsWith(prefix));
  expect(skipped.length).toBeGreaterThan(0);
  expect(met.length).toBe(expected.length - skipped.length);
  expect(met).toEqual(expected.filter((id) => met.includes(id)));
  await close();
});

test("few are found by the index, many by their rows", async () => {
  const { file } = await newStore();
  const { count, few, many } = sweepStatements(tablesOf("sa_"));
  const planOf = (sql: string): string =>
    rowsOf(file, `EXPLAIN QUERY PLAN ${sql}`)
      .map((row) => String(row["detail"]))
      .join("\n");
  for (const sql of [count, few]) {
    expect(planOf(sql)).toMatch(
      /SEARCH sa_objects USING COVERING INDEX sa_objects_sweep \(archived=\? AND last_activity</,
    );
    expect(planOf(sql)).not.toMatch(/SCAN sa_objects/);
  }
  expect(planOf(many)).toBe("SEARCH sa_objects USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
});

/** How many pages of its database a sweep of 200 sessions among that many changes. */
async function pagesWritten(sessions: number): Promise<number> {
  const file = databaseFile();
  const host = new DatabaseSync(file);
  host.exec("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
  const store = await openSqlite(host, { synchronous: "normal" });
  const stop = new AbortController();
  let archived = 0;
  const archiver = createArchiver({
    ...store,
    onEvent({ type }) {
      if (type === "archived" && ++archived === 200) stop.abort();
    },
  });
  const body = (n: number): Uint8Array =>
    Buffer.from(
      `{"timestamp":"${new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString()}","text":"${"lorem ".repeat(400)}"}\n`,
    );
  const taken = Array.from({ length: sessions }, (_, n) => archiver.import(idOf(n), bytesOf(body(n))));
  await Promise.all(taken);
  host.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0");
  await archiver.sweep({ signal: stop.signal }).catch((error: unknown) => expect(codeOf(error)).toBe("ABORTED"));
  const pages = pagesIn(readFileSync(`${file}-wal`)).size;
  await store.close();
  host.close();
  return pages / archived;
}

/** The numbers of the pages in a log (https://www.sqlite.org/fileformat2.html#walformat). */
function pagesIn(log: Buffer): ReadonlySet<number> {
  const frame = 24 + log.readUInt32BE(8);
  return new Set(Array.from({ length: (log.length - 32) / frame }, (_, n) => log.readUInt32BE(32 + n * frame)));
}

test("a sweep of 200 sessions among 2,500 writes hardly more pages than among 300", async () => {
  expect(await pagesWritten(2500)).toBeLessThan(2 * (await pagesWritten(300)));
});

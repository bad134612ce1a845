/** Rows edited by hand, and files that are cut or damaged: errors have a code, the other sessions are whole, nothing crashes. */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { bytesOf, codeOf, createArchiver, toBytes } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { databaseFile, openPath, tamper, ways } from "../support/stores.js";

const FUZZ = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);
const TEXT = '{"timestamp":1}\n'.repeat(9000); // more than one row of bytes
const IDLE = { view: "agent", "session:last_activity_ms": 1, "session:line_count": 1 };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file with three sessions: "bad" and "good" archived, "live" live, with an appended tail. */
async function sessions(open = openPath): Promise<string> {
  const file = databaseFile();
  const { store, close } = await open(file);
  const archiver = createArchiver(store);
  for (const id of ["bad", "good", "live"]) {
    await store.objects.put(id, IDLE, null);
    await store.blobs.create({ id, name: "output" }, `g-${id}`, bytesOf(encode(TEXT)));
  }
  for (const id of ["bad", "good"]) await archiver.archive(id);
  const recorder = archiver.recorder("live");
  await recorder.append("more\n");
  await recorder.close();
  await close();
  return file;
}

const BAD = "id = CAST('bad' AS BLOB)";
const LIVE = "id = CAST('live' AS BLOB)";
const KEYS = "CAST(key AS TEXT) LIKE 'bad.%'";
const DEEP = "replace(hex(zeroblob(500000)), '0', '[') || replace(hex(zeroblob(500000)), '0', ']')";
const VALUES = [
  "NULL",
  "''",
  "'text'",
  "x'ff00'",
  "-1",
  "-9223372036854775808",
  "9223372036854775807",
  "1.5",
  "9e999",
  "0",
];

/** Statements that damage "bad", or "live", in one column. Statements that SQLite refuses change nothing. */
const EDITS: readonly string[] = [
  ...["'null'", "'[]'", "'5'", "'\"x\"'", "'{'", "''", "x'7b7d'", "x'ff'", "1.5", "'{\"a\":' || '1'", DEEP].map(
    (meta) => `UPDATE sa_objects SET meta = ${meta} WHERE ${BAD}`,
  ),
  ...["id", "version", "archived", "last_activity", "kept_activity", "pruned_at", "stored_bytes"].flatMap((column) =>
    VALUES.map((value) => `UPDATE sa_objects SET ${column} = ${value} WHERE ${BAD}`),
  ),
  `UPDATE sa_objects SET id = randomblob(3000) WHERE ${BAD}`,
  `UPDATE sa_objects SET id = CAST(hex(zeroblob(3000)) AS BLOB) WHERE ${BAD}`,
  ...["name", "generation", "size", "stream", "sealed", "tail_rows"].flatMap((column) =>
    VALUES.map((value) => `UPDATE sa_blobs SET ${column} = ${value} WHERE ${LIVE}`),
  ),
  ...["key", "size", "created_at", "stream"].flatMap((column) =>
    VALUES.map((value) => `UPDATE sa_archives SET ${column} = ${value} WHERE ${KEYS}`),
  ),
  ...["stream", "end_at", "bytes"].flatMap((column) =>
    VALUES.map(
      (value) =>
        `UPDATE sa_chunks SET ${column} = ${value} WHERE stream = (SELECT max(stream) FROM sa_archives WHERE ${KEYS})`,
    ),
  ),
  `DELETE FROM sa_chunks WHERE stream IN (SELECT stream FROM sa_archives WHERE ${KEYS})`,
  `DELETE FROM sa_archives WHERE ${KEYS}`,
  `DELETE FROM sa_objects WHERE ${BAD}`,
  `UPDATE sa_meta SET value = 'x' WHERE key = 'streams'`,
  `UPDATE sa_meta SET value = 9e999 WHERE key = 'stored_bytes'`,
  `UPDATE sa_meta SET value = 'x' WHERE key = 'stored_bytes'`,
  `INSERT INTO sa_loose VALUES (1, NULL, 0)`,
];

async function tryAll(file: string, healthy: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const skipped: Error[] = [];
  const count = (outcome: string): void => {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };
  const store = await openSqlite(file, { onSkipped: (error) => skipped.push(error) });
  try {
    const archiver = createArchiver(store);
    const now = Date.now();
    const run = async (operation: () => Promise<unknown>): Promise<void> => {
      try {
        await operation();
        count("done");
      } catch (error) {
        if (codeOf(error) === undefined) throw new Error("It failed without a code.", { cause: error });
        count(String(codeOf(error)));
      }
    };
    for (const id of ["bad", "live"]) {
      await run(() => archiver.info(id));
      await run(() => toBytes(archiver.read(id)));
      await run(() => toBytes(archiver.tail(id, 2)));
      await run(() => archiver.verify(id));
      await run(async () => {
        await using recorder = archiver.recorder(id);
        await recorder.append("x\n");
      });
      await run(() => archiver.restore(id));
      await run(() => archiver.archive(id));
    }
    await run(() => store.reclaim());
    await run(() => archiver.gc({ graceDays: 0 }));
    await run(() => archiver.sweep({ inactiveDays: 0, maxTotalBytes: Number.POSITIVE_INFINITY }));
    const listed = new Set((await Array.fromAsync(archiver.list())).map(({ id }) => id));
    for (const id of healthy) {
      expect(listed).toContain(id);
      const text = new TextDecoder().decode(await toBytes(archiver.read(id)));
      expect(text.startsWith(TEXT)).toBe(true);
    }
    for (const error of skipped) expect(codeOf(error)).toBe("CORRUPT");
    expect(Date.now() - now).toBeLessThan(30_000);
  } finally {
    await store.close();
  }
  return counts;
}

test("whatever a row contains, the other sessions are listed, swept and read", {
  timeout: 120_000 * FUZZ,
}, async () => {
  const template = readFileSync(await sessions());
  const totals: Record<string, number> = {};
  let edits = 0;
  for (const [i, edit] of EDITS.entries()) {
    // A bounded run takes every third statement, which covers each column.
    if (FUZZ === 1 && i % 3 !== 0) continue;
    const file = databaseFile();
    writeFileSync(file, template);
    try {
      tamper(file, edit);
      edits++;
    } catch (error) {
      expect(String(error)).toMatch(/NOT NULL|UNIQUE|constraint/);
      continue;
    }
    const healthy = edit.includes(LIVE) ? ["bad", "good"] : ["good", ...(edit.includes("sa_meta") ? ["bad"] : [])];
    for (const [outcome, count] of Object.entries(await tryAll(file, healthy))) {
      totals[outcome] = (totals[outcome] ?? 0) + count;
    }
  }
  console.info(`[hostile] edited SQLite rows: ${edits} edits`, JSON.stringify(totals));
  expect(edits).toBeGreaterThan(50);
});

describe.each(ways)("through %s", (_, open) => {
  test("defect: one object row that held no object ended every sweep and listing", async () => {
    const file = await sessions(open);
    tamper(file, `UPDATE sa_objects SET meta = 'null' WHERE ${BAD}`);
    const skipped: Error[] = [];
    const { store, close } = await open(file, { onSkipped: (error) => skipped.push(error) });
    expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toEqual(["good", "live"]);
    expect(skipped).toMatchObject([{ code: "CORRUPT", id: "bad" }]);
    await expect(store.objects.get("bad")).rejects.toMatchObject({ code: "CORRUPT", id: "bad" });
    await expect(createArchiver(store).read("bad")[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "CORRUPT",
    });
    await close();
  });

  test("defect: an id or key that is not UTF-8 ended every listing", async () => {
    const file = await sessions(open);
    tamper(file, `UPDATE sa_objects SET id = x'c3' WHERE ${BAD}`);
    tamper(file, `INSERT INTO sa_archives SELECT x'fe', size, created_at, stream FROM sa_archives LIMIT 1`);
    const skipped: Error[] = [];
    const { store, close } = await open(file, { onSkipped: (error) => skipped.push(error) });
    expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toEqual(["good", "live"]);
    expect(await Array.fromAsync(store.archives.list())).toHaveLength(4);
    expect(skipped).toMatchObject([{ code: "CORRUPT" }, { code: "CORRUPT" }]);
    await close();
  });
});

test("defect: a counter that was set back made two sessions share their bytes", async () => {
  const file = await sessions();
  tamper(file, "UPDATE sa_meta SET value = 0 WHERE key = 'streams'");
  const { store, close } = await openPath(file);
  const archiver = createArchiver(store);
  await archiver.restore("bad");
  await archiver.archive("live");
  await archiver.gc({ graceDays: 0 });
  for (const id of ["bad", "good", "live"]) {
    const text = new TextDecoder().decode(await toBytes(archiver.read(id)));
    expect(text.startsWith(TEXT)).toBe(true);
    await archiver.verify(id);
  }
  await close();
});

test("by default a process warning reports a row that is left out", async () => {
  const file = await sessions();
  tamper(file, `UPDATE sa_objects SET meta = '{' WHERE ${BAD}`);
  const { store, close } = await openPath(file);
  const warned = new Promise((resolve) => process.once("warning", resolve));
  expect(await Array.fromAsync(store.objects.list())).toHaveLength(2);
  expect(codeOf(await warned)).toBe("CORRUPT");
  await close();
});

/** Opens any file, and reads everything in it. */
async function readAll(file: string): Promise<string> {
  try {
    await using store = await openSqlite(file, { onSkipped: () => {} });
    const archiver = createArchiver(store);
    for (const id of ["good", "live"]) {
      const text = new TextDecoder().decode(await toBytes(archiver.read(id)));
      // Live bytes have no checksum of their own: SQLite's pages have none either.
      if (id === "good" && text !== TEXT) throw new Error("wrong bytes");
    }
    await Array.fromAsync(archiver.list());
    await archiver.verify("good");
    return "right";
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

test("a file that is cut off, or damaged anywhere, is refused with a code or read correctly", async () => {
  const template = readFileSync(await sessions());
  const counts: Record<string, number> = {};
  const tryBytes = async (bytes: Uint8Array): Promise<void> => {
    const file = databaseFile();
    writeFileSync(file, bytes);
    const outcome = await readAll(file);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  };
  for (let i = 0; i <= 24; i++) await tryBytes(template.subarray(0, Math.floor((template.length * i) / 25)));
  for (const length of [1, 16, 99, 100, 101, 511, 512]) await tryBytes(template.subarray(0, length));
  const edit = fc.record({ at: fc.nat(), by: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), async (edits, inFirstPage) => {
      const bytes = Buffer.from(template);
      for (const { at, by } of edits) bytes.set(by, at % ((inFirstPage ? 4096 : bytes.length) - by.length));
      await tryBytes(bytes);
    }),
    { numRuns: 40 * FUZZ },
  );
  console.info("[hostile] damaged SQLite files:", JSON.stringify(counts));
  expect(counts["CORRUPT"]).toBeGreaterThan(0);
});

test("a file cut off while it is open is CORRUPT or UNAVAILABLE, not a crash", async () => {
  const file = await sessions();
  const { store, close } = await openPath(file);
  truncateSync(file, 4096);
  const outcome = await toBytes(createArchiver(store).read("good")).catch((error: unknown) => codeOf(error));
  expect(["CORRUPT", "UNAVAILABLE"]).toContain(outcome);
  await close();
});

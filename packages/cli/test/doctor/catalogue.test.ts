/** The catalogue's file: missing, empty, cut, none at all, of another version; and what lies beside it. */
import { chmod, copyFile, mkdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, SCHEMA_VERSION } from "@session-archiver/adapter-sqlite";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/finding.js";
import { readHeader } from "../../src/doctor/sqlite-header.js";
import { newCli, newFolder } from "../support/cli.js";
import { kindsOf, type Looked, lookedAt, newStore, only } from "../support/doctor.js";
import { unpackEarlier } from "../support/earlier.js";

const db = ({ home }: Looked): string => join(home, "sessions.db");

async function mustRebuild(looked: Looked, kind: string): Promise<Finding> {
  const finding = only(await looked.find(), kind);
  expect(finding).toMatchObject({ severity: "damage", remedy: expect.stringContaining("session-archiver rebuild") });
  expect(finding.repair).toBeUndefined();
  return finding;
}

describe("a database that is", () => {
  test("missing", async () => {
    const store = await newStore();
    await rm(db(store));
    expect((await mustRebuild(store, "catalogue-missing")).message).toContain("There are archives");
    await writeFile(`${db(store)}-wal`, "12345", { mode: 0o600 });
    expect((await mustRebuild(store, "catalogue-missing")).message).toContain("copy it away first");
  });

  test("an empty file: a loss beside archives or a log, otherwise new", async () => {
    const store = await newStore();
    await truncate(db(store), 0);
    await mustRebuild(store, "catalogue-empty-file");
    await rm(join(store.home, "archives"), { recursive: true });
    expect(kindsOf(await store.find())).toEqual(["note catalogue-empty-file"]);
    await writeFile(`${db(store)}-wal`, "12345", { mode: 0o600 });
    expect((await mustRebuild(store, "catalogue-empty-file")).message).toContain("copy it away first");
  });

  test.each([
    ["text", "this is no database ".repeat(1000)],
    ["too short to be one", "SQLite"],
  ])("%s", async (_, text) => {
    const store = await newStore();
    await writeFile(db(store), text);
    await mustRebuild(store, "catalogue-not-a-database");
  });

  test("a folder", async () => {
    const store = await newStore();
    await rm(db(store));
    await mkdir(db(store), { mode: 0o700 });
    await mustRebuild(store, "catalogue-not-a-database");
  });

  test.each([
    [1, "1 B"],
    [4096, "4.1 kB"],
    [20_000, "20 kB"],
  ])("cut by %i bytes", async (bytes, said) => {
    const store = await newStore();
    const { size } = await stat(db(store));
    await truncate(db(store), size - bytes);
    expect((await mustRebuild(store, "catalogue-cut")).message).toMatch(
      new RegExp(`the last ${said} of [\\d.]+ kB are missing`),
    );
  });
});

test("a database that grows while its log is not folded in is whole", async () => {
  const store = await newStore();
  await using open = await openSqlite(db(store));
  for (let n = 0; n < 50; n++) await open.objects.put(`more-${n}`, { text: "x".repeat(10_000) }, null);
  expect((await stat(`${db(store)}-wal`)).size).toBeGreaterThan(0);
  expect(await store.find()).toEqual([]);
});

test("a database that is shorter than its header says may get the rest from its log", async () => {
  const store = await newStore();
  await using open = await openSqlite(db(store));
  await open.objects.put("more", {}, null);
  const path = join(await newFolder(), "sessions.db");
  for (const ending of ["", "-wal"]) await copyFile(db(store) + ending, path + ending);
  await truncate(path, 20_000);
  expect((await store.find({ store: { kind: "sqlite", path } })).map(({ kind }) => kind)).not.toContain(
    "catalogue-cut",
  );
});

test("the header says how many pages there should be", async () => {
  const file = join(await newFolder(), "a.db");
  const handle = new DatabaseSync(file);
  handle.exec("PRAGMA page_size = 65536; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(200000))");
  handle.close();
  const { size } = await stat(file);
  expect(await readHeader(file)).toEqual({ size, isDatabase: true, pageSize: 65_536, pages: size / 65_536 });
});

describe("the tables' version", () => {
  function setVersion(path: string, version: number): void {
    const handle = new DatabaseSync(path);
    handle.exec(`UPDATE sa_meta SET value = ${version} WHERE key = 'schema'`);
    handle.close();
  }

  test("newer than this program is a warning: update", async () => {
    const store = await newStore();
    setVersion(db(store), SCHEMA_VERSION + 1);
    expect(only(await store.find(), "catalogue-newer")).toMatchObject({
      ...{ severity: "warning", remedy: "update session-archiver" },
    });
  });

  test("older is a note, and the next command that writes raises it", async () => {
    const cli = await newCli();
    const home = join(cli.folder, "home");
    await unpackEarlier("sqlite-and-fs", home);
    const kinds = kindsOf(await lookedAt(cli, "sqlite", home).find());
    expect(kinds).toContain("note catalogue-older");
    expect((await cli.run("sweep")).exitCode).toBe(0);
    expect(kindsOf(await lookedAt(cli, "sqlite", home).find())).not.toContain("note catalogue-older");
  });

  test("of tables that are not ours says nothing here", async () => {
    const store = await newStore();
    await rm(db(store));
    const handle = new DatabaseSync(db(store));
    handle.exec("CREATE TABLE t (x)");
    handle.close();
    await chmod(db(store), 0o600);
    expect(await store.find()).toEqual([]);
  });
});

describe("beside the database", () => {
  test("a journal of a change that was cut short", async () => {
    const store = await newStore();
    const handle = new DatabaseSync(db(store));
    handle.exec("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN");
    handle.exec("CREATE TABLE t AS SELECT zeroblob(1000000) AS x");
    const folder = await newFolder();
    for (const ending of ["", "-journal"]) await copyFile(db(store) + ending, join(folder, `sessions.db${ending}`));
    handle.close();
    const torn = { kind: "sqlite", path: join(folder, "sessions.db") } as const;
    expect(only(await store.find({ store: torn }), "journal-left").severity).toBe("note");
    // One whose header was wiped is done with.
    await writeFile(join(folder, "sessions.db-journal"), Buffer.alloc(1000));
    expect((await store.find({ store: torn })).map(({ kind }) => kind)).not.toContain("journal-left");
  });

  test("a log that has grown", async () => {
    const store = await newStore();
    await writeFile(`${db(store)}-wal`, "x", { mode: 0o600 });
    await truncate(`${db(store)}-wal`, 64 * 1024 * 1024 + 1);
    expect(only(await store.find(), "log-large").severity).toBe("note");
    await truncate(`${db(store)}-wal`, 64 * 1024 * 1024);
    expect(await store.find()).toEqual([]);
  });
});

test("plain files that are missing beside their archives", async () => {
  const store = await newStore("fs");
  await rm(join(store.home, "store"), { recursive: true });
  await mustRebuild(store, "catalogue-missing");
});

test("archives in a database of their own", async () => {
  const store = await newStore();
  const sink = { kind: "sqlite", path: join(store.home, "archives.db") } as const;
  expect(await store.find({ sink })).toEqual([]);
  await (await openSqlite(sink.path)).close();
  expect(await store.find({ sink })).toEqual([]);
  await truncate(sink.path, 20_000);
  expect(only(await store.find({ sink }), "archives-cut")).toMatchObject({
    message: expect.stringContaining("archives.db"),
    remedy: "put a backup of it back",
  });
});

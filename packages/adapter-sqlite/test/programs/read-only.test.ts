/** Opened read-only, a database and the files beside it keep their names, bytes and times. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { bytesOf, createArchiver, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { treeOf } from "@session-archiver/test-kit/machine";
import { describe, expect, onTestFinished, test } from "vitest";
import { Database } from "../../src/database.js";
import { driverOf } from "../../src/driver.js";
import { openSqlite } from "../../src/index.js";
import { MIGRATIONS, type Migration } from "../../src/migrations.js";
import { migrate } from "../../src/schema.js";
import { tablesOf } from "../../src/tables.js";
import { startChild, startReader } from "../support/processes.js";
import { databaseFile, hosts, tamper } from "../support/stores.js";

const TEXT = "{}\n{}\n";
const STATES = ["live", "archived", "resumed", "pruned"] as const;

/** A closed store with a session in each state. */
async function fullStore(file = databaseFile()): Promise<string> {
  await using store = await openSqlite(file);
  const archiver = createArchiver(store);
  for (const id of STATES) {
    const recorder = archiver.recorder(id, { create: { view: "agent" } });
    await recorder.append(TEXT);
    if (id !== "live") await archiver.archive(id);
    if (id === "resumed") await recorder.append(TEXT);
    await recorder.close();
  }
  await archiver.pruneSession("pruned");
  return file;
}

/** Every call that only reads. */
async function readAll(file: string): Promise<unknown> {
  await using store = await openSqlite(file, { readOnly: true });
  const archiver = createArchiver(store);
  const infos = await all(archiver.list());
  const texts: string[] = [];
  for (const id of STATES.slice(0, 3)) texts.push(new TextDecoder().decode(await toBytes(archiver.read(id))));
  expect(texts).toEqual([TEXT, TEXT, TEXT + TEXT]);
  expect(await archiver.verifyAll()).toMatchObject({ checked: 4, bad: [] });
  await all(archiver.plan({ inactiveDays: 0, maxTotalBytes: 0 }));
  expect(await all(store.archives.list())).not.toEqual([]);
  return infos.map(({ id, state }) => [id, state]);
}

test("reading changes nothing, whatever state the sessions are in", async () => {
  const file = await fullStore();
  const before = treeOf(dirname(file));
  expect(await readAll(file)).toEqual(expect.arrayContaining(STATES.map((state) => [state, state])));
  expect(treeOf(dirname(file))).toEqual(before);
});

test("a database without a write-ahead log is read as well", async () => {
  const file = await fullStore();
  tamper(file, "PRAGMA journal_mode = DELETE");
  const before = treeOf(dirname(file));
  await readAll(file);
  expect(treeOf(dirname(file))).toEqual(before);
});

test("a log that a crash has left is read, and not changed", async () => {
  const file = await fullStore();
  const writer = await openSqlite(file);
  await writer.objects.put("late", {}, null);
  const copy = join(dirname(file), "copy");
  mkdirSync(copy);
  for (const name of readdirSync(dirname(file)).filter((name) => name.startsWith("sessions.db"))) {
    copyFileSync(join(dirname(file), name), join(copy, name));
  }
  await writer.close();
  const of = (ending: string): string | undefined => treeOf(copy)[`sessions.db${ending}`];
  const before = [of(""), of("-wal")];
  await using store = await openSqlite(join(copy, "sessions.db"), { readOnly: true });
  expect(await store.objects.get("late")).toBeDefined();
  await store.close();
  expect([of(""), of("-wal")]).toEqual(before);
});

test("a call that would change it is INVALID_ARGUMENT, before any effect", async () => {
  const file = await fullStore();
  const before = treeOf(dirname(file));
  await using store = await openSqlite(file, { readOnly: true });
  const { objects, blobs, archives } = store;
  const at = await blobs.stat({ id: "live", name: "output" });
  const version = (await objects.get("live"))?.version ?? "";
  if (!at) throw new Error("It has no output.");
  let isRead = false;
  const body = (async function* () {
    isRead = true;
    yield* bytesOf();
  })();
  const writes = [
    () => objects.put("live", {}, version),
    () => objects.delete("live", version),
    () => blobs.create({ id: "new", name: "output" }, "1", body),
    () => blobs.append(at, new Uint8Array(1)),
    () => blobs.delete(at),
    () => archives.put("new", body),
    () => archives.delete("new"),
    () => store.reclaim(),
  ];
  for (const write of writes) {
    await expect(write()).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("opened read-only"),
    });
  }
  expect(isRead).toBe(false);
  await store.close();
  expect(treeOf(dirname(file))).toEqual(before);
});

test.each(hosts)("a host's handle is only read, too: %s", async (_, connect) => {
  const file = await fullStore();
  const handle = connect(file);
  onTestFinished(() => void handle.close());
  const changes = (): unknown => handle.prepare("SELECT total_changes() AS n").get();
  await using store = await openSqlite(handle, { readOnly: true });
  expect(await all(store.objects.list())).toHaveLength(4);
  await store.close();
  expect(changes()).toMatchObject({ n: 0 });
});

test("where there is no store it is NOT_FOUND, and nothing is made", async () => {
  const file = databaseFile();
  const empty = join(dirname(file), "empty.db");
  writeFileSync(empty, "");
  tamper(join(dirname(file), "other.db"), "CREATE TABLE theirs (x)");
  const before = treeOf(dirname(file));
  for (const path of [file, empty, join(dirname(file), "no/such/folder.db"), join(dirname(file), "other.db")]) {
    const message = expect.stringContaining(`${path}: `);
    await expect(openSqlite(path, { readOnly: true })).rejects.toMatchObject({ code: "NOT_FOUND", message });
  }
  await expect(openSqlite(dirname(file), { readOnly: true })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  for (const path of [":memory:", "file:x.db"]) {
    await expect(openSqlite(path, { readOnly: true })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
  expect(treeOf(dirname(file))).toEqual(before);
});

describe("with other processes", () => {
  test("files that another process has begun to use are not removed", async () => {
    const file = await fullStore();
    const reader = await openSqlite(file, { readOnly: true });
    expect(await all(reader.objects.list())).toHaveLength(4);
    const child = startChild("lock", file);
    await child.heard();
    await reader.close();
    expect(existsSync(`${file}-wal`) && existsSync(`${file}-shm`)).toBe(true);
    child.tell();
    expect(await child.done()).toBe(0);
    // The last connection was its own.
    expect(readdirSync(dirname(file))).toEqual(["sessions.db"]);
  });

  test("writes of other processes are visible, and their files stay", async () => {
    const file = await fullStore();
    await using writer = await openSqlite(file);
    await using reader = await openSqlite(file, { readOnly: true });
    await writer.objects.put("new", { n: 1 }, null);
    expect(await reader.objects.get("new")).toMatchObject({ meta: { n: 1 } });
    await reader.close();
    expect(existsSync(`${file}-wal`) && existsSync(`${file}-shm`)).toBe(true);
    await writer.objects.put("newer", {}, null);
    expect(await writer.objects.get("newer")).toBeDefined();
  });
});

describe("databases of other versions", () => {
  async function storeOf(migrations: readonly Migration[]): Promise<string> {
    const file = databaseFile();
    const handle = new DatabaseSync(file);
    await migrate(new Database(driverOf(handle), "full", 0), tablesOf("sa_"), migrations);
    handle.close();
    const rows = [
      { id: "kept", meta: { [KEY.archivedAt]: 20, [KEY.lastActivity]: 10, [KEY.archiveBytes]: 100 } },
      { id: "pruned", meta: { [KEY.archivedAt]: 20, [KEY.prunedAt]: 40, [KEY.archiveBytes]: 100 } },
      { id: "live", meta: { [KEY.lastActivity]: 30 } },
    ];
    const insert = ({ id, meta }: (typeof rows)[number]): string =>
      `INSERT INTO sa_objects (id, version, archived, meta) VALUES (CAST('${id}' AS BLOB), 'v', 0, '${JSON.stringify(meta)}')`;
    tamper(file, rows.map(insert).join("; "));
    return file;
  }

  test.each([1, 2])("are read as they are: schema %d", async (version) => {
    const file = await storeOf(MIGRATIONS.slice(0, version));
    const before = treeOf(dirname(file));
    const store = await openSqlite(file, { readOnly: true });
    const idsOf = async (...query: Parameters<typeof store.objects.list>) =>
      (await all(store.objects.list(...query))).map(({ id }) => id).sort();
    expect(await idsOf()).toEqual(["kept", "live", "pruned"]);
    expect(await idsOf({ oldestArchivesLimit: 5 })).toEqual(["kept"]);
    expect(await idsOf({ prunedBefore: 40 })).toEqual(["pruned"]);
    expect(await idsOf({ archived: false, lastActiveBefore: 30 })).toEqual(["live"]);
    expect(await idsOf({ prefix: "li" })).toEqual(["live"]);
    expect([store.objects.archiveBytes, store.objects.ownMeta]).toEqual([undefined, undefined]);
    await all(createArchiver(store).plan({ inactiveDays: 0, maxTotalBytes: 0 }));
    await store.close();
    expect(treeOf(dirname(file))).toEqual(before);
  });

  test("are refused if they are newer", async () => {
    const file = await storeOf([...MIGRATIONS, () => {}]);
    const before = treeOf(dirname(file));
    const message = expect.stringMatching(/sessions\.db: The database has schema \d+ and this package knows/);
    await expect(openSqlite(file, { readOnly: true })).rejects.toMatchObject({ code: "UNAVAILABLE", message });
    expect(treeOf(dirname(file))).toEqual(before);
  });
});

const canDropRights = process.getuid?.() === 0;
if (!canDropRights) console.warn("not root: reading where nothing can be written is tried with this user's own files");

describe.runIf(process.platform !== "win32")("where nothing can be written", () => {
  /** A store whose folder and file only root may write to. The name must survive as a URI. */
  async function lockedStore(prepare: (file: string) => void = () => {}): Promise<string> {
    const folder = join(dirname(databaseFile()), "a b#c?d%41é");
    mkdirSync(folder);
    const file = await fullStore(join(folder, "sessions.db"));
    prepare(file);
    chmodSync(dirname(folder), 0o755);
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    return file;
  }

  test("it is read, and does not change", async () => {
    const file = await lockedStore();
    const before = treeOf(dirname(file));
    const reader = startReader(file);
    expect(JSON.parse(await reader.heard())).toEqual([...STATES].sort());
    await reader.kill();
    expect(treeOf(dirname(file))).toEqual(before);
  });

  test("an empty log is no hindrance", async () => {
    const reader = startReader(await lockedStore((file) => writeFileSync(`${file}-wal`, "")));
    expect(JSON.parse(await reader.heard())).toHaveLength(4);
  });

  test.each([
    ["-wal", "x"],
    ["-journal", "\xd9\xd5\x05\xf9 and more"],
  ])("a log with changes is reported: %s", async (ending, bytes) => {
    const file = await lockedStore((path) => writeFileSync(path + ending, bytes));
    expect(JSON.parse(await startReader(file).heard())).toEqual({
      code: "UNAVAILABLE",
      message: expect.stringMatching(new RegExp(`sessions\\.db: Its log .*${ending} holds changes.*copy both files`)),
    });
  });

  test.runIf(canDropRights)("a change meanwhile is reported, not read wrongly", async () => {
    const file = await lockedStore();
    const reader = startReader(file);
    await reader.heard();
    reader.tell();
    expect(JSON.parse(await reader.heard())).toHaveLength(4);
    const writer = await openSqlite(file);
    await writer.objects.put("new", {}, null);
    await writer.close();
    reader.tell();
    expect(JSON.parse(await reader.heard())).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("Open it again"),
    });
  });

  test("a link is followed to where the log is", async () => {
    const file = await lockedStore((path) => writeFileSync(`${path}-wal`, "x"));
    const link = join(dirname(dirname(file)), "link.db");
    symlinkSync(file, link);
    expect(JSON.parse(await startReader(link).heard())).toMatchObject({ code: "UNAVAILABLE" });
  });
});

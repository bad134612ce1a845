/** After `erase`, nothing that was deleted can be found in any byte of the database's files. */
import { existsSync, readFileSync } from "node:fs";
import { bytesOf, toBytes } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite, type SqliteStore } from "../../src/index.js";
import { count, databaseFile, hosts, newStore, ways } from "../support/stores.js";

const SECRET = "zanzibar-word";
const SIZE = 300_000;

function filesHold(file: string, word: string): readonly string[] {
  const all = ["", "-wal", "-shm", "-journal"].map((ending) => file + ending);
  return all.filter((name) => existsSync(name) && readFileSync(name).includes(word));
}

/** Writes and deletes the word in every table that can hold one, among other data. */
async function writeAndDelete({ objects, blobs, archives }: SqliteStore): Promise<void> {
  const secret = () => bytesOf(new TextEncoder().encode(SECRET.repeat(5000)));
  const version = await objects.put("gone", { title: SECRET }, null);
  const ref = await blobs.create({ id: "gone", name: "output" }, "g", secret());
  const appended = await blobs.append(ref, new TextEncoder().encode(`${SECRET} again\n`));
  await archives.put("gone", secret());
  await objects.put("kept", { title: "kept" }, null);
  await blobs.create({ id: "kept", name: "output" }, "g", inChunks(pattern(SIZE), 10_000));
  await objects.delete("gone", version);
  await blobs.delete(appended);
  await archives.delete("gone");
}

async function expectKept({ objects, blobs }: SqliteStore): Promise<void> {
  expect((await objects.get("kept"))?.meta).toEqual({ title: "kept" });
  const ref = await blobs.stat({ id: "kept", name: "output" });
  expect(ref && (await toBytes(blobs.read(ref)))).toEqual(pattern(SIZE));
}

describe.each(ways)("through %s", (_, open) => {
  test("deleted data is in no file afterwards, and all else is whole", async () => {
    const { store, file } = await newStore(open);
    await writeAndDelete(store);
    expect(filesHold(file, SECRET)).not.toEqual([]);
    const { rewrittenBytes, unfinished } = await store.erase();
    expect(filesHold(file, SECRET)).toEqual([]);
    expect(rewrittenBytes).toBe(readFileSync(file).length);
    expect(unfinished).toBe(0);
    await expectKept(store);
  });

  test("while another connection reads, it fails, loses nothing, and works afterwards", async () => {
    const { store, file } = await newStore(open, { busyTimeoutMs: 50 });
    await writeAndDelete(store);
    await expect(holding(file, open === ways[2]?.[1] ? 1 : 0, () => store.erase())).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    await expectKept(store);
    await store.erase();
    expect(filesHold(file, SECRET)).toEqual([]);
    await expectKept(store);
  });
});

/** Does the work while another connection of the library is in the middle of a read. */
async function holding<T>(file: string, library: 0 | 1, work: () => Promise<T>): Promise<T> {
  const connection = hosts[library]?.[1](file);
  connection?.exec("BEGIN");
  connection?.prepare("SELECT count(*) FROM sa_objects").get();
  try {
    return await work();
  } finally {
    connection?.exec("ROLLBACK");
    connection?.close();
  }
}

test.each(hosts)("a host's database with each kind of journal (%s)", async (_, connect) => {
  for (const mode of ["delete", "truncate", "persist", "wal"]) {
    const file = databaseFile();
    const host = connect(file);
    host.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE notes (text); INSERT INTO notes VALUES ('a note')`);
    const store = await openSqlite(host);
    await writeAndDelete(store);
    await store.erase();
    expect([mode, filesHold(file, SECRET)]).toEqual([mode, []]);
    expect(filesHold(file, "a note")).toContain(file);
    await expectKept(store);
    await store.close();
    host.close();
    expect(count(file, "SELECT count(*) FROM notes")).toBe(1);
  }
});

test.each(hosts)("a host's transaction (%s) makes it fail, and is left as it is", async (_, connect) => {
  const file = databaseFile();
  const host = connect(file);
  const store = await openSqlite(host, { busyTimeoutMs: 20 });
  host.exec("CREATE TABLE notes (text); BEGIN; INSERT INTO notes VALUES ('a note')");
  await expect(store.erase()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  host.exec("COMMIT");
  await store.erase();
  await store.close();
  host.close();
  expect(count(file, "SELECT count(*) FROM notes")).toBe(1);
});

test("writes that are under way elsewhere are counted, and not touched", async () => {
  const { store, file } = await newStore();
  const other = await openSqlite(file);
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const writing = other.archives.put(
    "slow",
    (async function* () {
      for (let n = 0; n < 16; n++) yield pattern(MIB);
      begun.resolve();
      await promise;
      yield pattern(MIB);
    })(),
  );
  await begun.promise;
  expect(await store.erase()).toMatchObject({ unfinished: 1 });
  resolve();
  expect((await writing).size).toBe(17 * MIB);
  expect(await store.erase()).toMatchObject({ unfinished: 0 });
  await other.close();
});

test("a store that is only read refuses it", async () => {
  const { file } = await newStore();
  const store = await openSqlite(file, { readOnly: true });
  await expect(store.erase()).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await store.close();
});

import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, toBytes } from "@session-archiver/core";
import { all, inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { count, databaseFile, hosts, newStore, openPath, ways } from "../support/stores.js";

const key = { id: "s", name: "output" };

describe.each(hosts)("inside a host's database of %s", (_, connect) => {
  test("close leaves the host's handle and its settings alone", async () => {
    const host = connect(databaseFile());
    host.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 1234");
    host.exec("CREATE TABLE notes (text)");
    const settings = ["page_size", "auto_vacuum", "journal_mode", "synchronous", "busy_timeout", "wal_autocheckpoint"];
    const read = () => settings.map((name) => host.prepare(`PRAGMA ${name}`).get());
    const before = read();
    const store = await openSqlite(host, { prefix: "archive_" });
    await store.objects.put("a", {}, null);
    await store.close();
    expect(read()).toEqual(before);
    host.exec("INSERT INTO notes VALUES ('still open')");
    expect(host.prepare("SELECT count(*) AS n FROM archive_objects").get()).toEqual({ n: 1 });
    host.close();
  });

  test.each([
    ["full", 2],
    ["normal", 1],
  ] as const)("every transaction that writes is as durable as asked for: %s", async (synchronous, level) => {
    const host = connect(databaseFile());
    host.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    const levels = new Set<unknown>();
    const watched = {
      exec: (sql: string) => host.exec(sql),
      prepare(sql: string) {
        const statement = host.prepare(sql);
        if (sql !== "BEGIN IMMEDIATE") return statement;
        const run = statement.run.bind(statement);
        const note = () =>
          levels.add((host.prepare("PRAGMA synchronous").get() as { synchronous: number }).synchronous);
        return Object.assign(statement, { run: () => [note(), run()][1] });
      },
    };
    const store = await openSqlite(watched, { synchronous });
    levels.clear();
    await store.objects.put("a", {}, null);
    await store.blobs.append(await store.blobs.create(key, "g", nothing()), new Uint8Array(1));
    expect([...levels]).toEqual([level]);
    expect(host.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 0 });
    await store.close();
    host.close();
  });

  test("a call waits for the host's own transaction, and neither joins nor ends it", async () => {
    const host = connect(databaseFile());
    host.exec("CREATE TABLE notes (text)");
    const store = await openSqlite(host);
    const ref = await store.blobs.create(key, "g", nothing());
    host.exec("BEGIN; INSERT INTO notes VALUES ('a')");
    const appending = store.blobs.append(ref, new Uint8Array(3));
    setTimeout(() => host.exec("ROLLBACK"), 20);
    expect((await appending).size).toBe(3);
    expect(host.prepare("SELECT count(*) AS n FROM notes").get()).toEqual({ n: 0 });
    await store.close();
    host.close();
  });

  test("a call during a host's transaction longer than the timeout is UNAVAILABLE, and the transaction is unharmed", async () => {
    const host = connect(databaseFile());
    host.exec("CREATE TABLE notes (text)");
    const store = await openSqlite(host, { busyTimeoutMs: 50 });
    host.exec("BEGIN; INSERT INTO notes VALUES ('a')");
    const busy = { code: "UNAVAILABLE", message: /inside a transaction/ };
    await expect(store.objects.put("a", {}, null)).rejects.toMatchObject(busy);
    await expect(store.objects.get("a")).rejects.toMatchObject(busy);
    await store.close();
    host.exec("INSERT INTO notes VALUES ('b'); COMMIT");
    expect(host.prepare("SELECT count(*) AS n FROM notes").get()).toEqual({ n: 2 });
    host.close();
  });

  test("a host that iterates meanwhile only delays a write", async () => {
    const host = connect(databaseFile());
    host.exec("CREATE TABLE notes (text); INSERT INTO notes VALUES ('a'), ('b')");
    const store = await openSqlite(host);
    const rows = host.prepare("SELECT text FROM notes").iterate()[Symbol.iterator]();
    rows.next();
    const ended = sleep(20).then(() => rows.return?.());
    await store.objects.put("a", {}, null);
    await ended;
    expect(await store.objects.get("a")).toMatchObject({ meta: {} });
    await store.close();
    host.close();
  });

  test("a full database is QUOTA; nothing is changed, and deleting helps", async () => {
    const file = databaseFile();
    const host = connect(file);
    host.exec("PRAGMA page_size = 4096; PRAGMA max_page_count = 1500");
    const store = await openSqlite(host);
    const first = await store.blobs.create(key, "g", inChunks(pattern(3 * MIB), MIB));
    const chunks = count(file, "SELECT count(*) FROM sa_chunks");
    const quota = { code: "QUOTA", id: "s" };
    await expect(store.blobs.create({ ...key, name: "b" }, "g", inChunks(pattern(8 * MIB), MIB))).rejects.toMatchObject(
      quota,
    );
    await expect(store.blobs.append(first, pattern(4 * MIB))).rejects.toMatchObject(quota);
    expect(await store.blobs.stat({ ...key, name: "b" })).toBeUndefined();
    expect(await store.blobs.stat(key)).toEqual(first);
    expect(count(file, "SELECT count(*) FROM sa_chunks")).toBe(chunks);
    await store.blobs.delete(first);
    const again = await store.blobs.create(key, "g2", inChunks(pattern(4 * MIB), MIB));
    expect(await toBytes(store.blobs.read(again))).toEqual(pattern(4 * MIB));
    await store.close();
    host.close();
  });

  test("a host that closed its handle makes calls UNAVAILABLE", async () => {
    const host = connect(databaseFile());
    const store = await openSqlite(host);
    host.close();
    await expect(store.objects.get("a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await store.close();
  });
});

describe.each(ways)("through %s", (_, open) => {
  test("after close every call is UNAVAILABLE, and so is one under way", async () => {
    const { store, close } = await open(databaseFile());
    const { objects, blobs, archives } = store;
    const ref = await blobs.create(key, "g", bytesOf(pattern(2 * MIB)));
    const reading = blobs.read(ref)[Symbol.asyncIterator]();
    await reading.next();
    const closeHalfWay = async function* () {
      yield* inChunks(pattern(5 * MIB), MIB);
      await close();
      yield pattern(MIB);
    };
    const closed = { code: "UNAVAILABLE", message: /closed/ };
    await expect(archives.put("a", closeHalfWay())).rejects.toMatchObject(closed);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => objects.get("a"),
      () => objects.put("a", {}, null),
      () => objects.delete("a", "v"),
      () => all(objects.list()),
      () => reading.next(),
      () => blobs.stat(key),
      () => all(blobs.list("s")),
      () => toBytes(blobs.read(ref)),
      () => blobs.create({ ...key, name: "b" }, "g", nothing()),
      () => blobs.append(ref, new Uint8Array(1)),
      () => blobs.delete(ref),
      () => archives.put("b", nothing()),
      () => archives.stat("a"),
      () => toBytes(archives.read("a")),
      () => archives.delete("a"),
      () => all(archives.list()),
      () => store.reclaim(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(closed);
    await store.close();
    await store[Symbol.asyncDispose]();
  });

  test("rows that a create had stored when its store was closed are gone at the next opening", async () => {
    const file = databaseFile();
    const { store, close } = await open(file);
    const closeHalfWay = async function* () {
      yield* inChunks(pattern(5 * MIB), MIB);
      await close();
    };
    await expect(store.blobs.create(key, "g", closeHalfWay())).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(count(file, "SELECT count(*) FROM sa_chunks")).toBeGreaterThan(0);
    await (await open(file)).close();
    expect(count(file, "SELECT count(*) FROM sa_chunks")).toBe(0);
  });
});

test("ids that read like a library's message are ids", async () => {
  const { store } = await newStore(openPath, { busyTimeoutMs: 60_000 });
  const id = "This database connection is busy executing a query within a transaction";
  await expect(store.objects.put(id, {}, "v")).rejects.toMatchObject({ code: "CONFLICT", id });
});

test("a damaged file is CORRUPT", async () => {
  const file = databaseFile();
  const first = await openPath(file);
  await first.store.blobs.create(key, "g", inChunks(pattern(2 * MIB), MIB));
  await first.close();
  const damaged = readFileSync(file);
  damaged.fill(0xa5, 4096);
  writeFileSync(file, damaged);
  await expect(openSqlite(file)).rejects.toMatchObject({ code: "CORRUPT" });
});

test.each([undefined, null, 7, "text", [], () => 1, { n: 1n }])(
  "metadata that isn't a JSON object (%s) is refused",
  async (meta) => {
    const { store } = await newStore();
    await expect(store.objects.put("a", meta as never, null)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(store.objects.put("a", {}, undefined as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await store.objects.get("a")).toBeUndefined();
  },
);

import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createArchiver, toBytes } from "@session-archiver/core";
import { inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { hashOf } from "../support/hash.js";
import { count, databaseFile, hosts, newStore, openPath, ways } from "../support/stores.js";

const bytes = pattern(24 * MIB);

describe.each(ways)("through %s", (_, open) => {
  test("reclaim shrinks the file after deletes, and nothing else is lost", async () => {
    const { store, file } = await newStore(open);
    const { blobs, archives } = store;
    const gone = await blobs.create({ id: "gone", name: "output" }, "g", inChunks(bytes, MIB));
    await archives.put("gone", inChunks(bytes, MIB));
    const kept = await blobs.create({ id: "kept", name: "output" }, "g", inChunks(bytes, MIB));
    await store.reclaim();
    const full = statSync(file).size;

    await blobs.delete(gone);
    await archives.delete("gone");
    const { freedBytes } = await store.reclaim();
    expect(freedBytes).toBeGreaterThan(2 * bytes.length);
    expect(full - statSync(file).size).toBeGreaterThanOrEqual(freedBytes);
    expect(statSync(`${file}-wal`).size).toBeLessThan(8 * MIB);
    expect(await hashOf(blobs.read(kept))).toBe(await hashOf(inChunks(bytes, MIB)));
    expect(await store.reclaim()).toEqual({ freedBytes: 0 });
  });

  test("an aborted reclaim stops between two steps", async () => {
    const { store, file } = await newStore(open);
    const ref = await store.blobs.create({ id: "a", name: "output" }, "g", inChunks(bytes, MIB));
    await store.blobs.delete(ref);
    // Some checks before the first step, the others between two.
    let checks = 0;
    const signal = {
      get aborted() {
        return ++checks > 6;
      },
    } as AbortSignal;
    const reclaiming = store.reclaim({ signal });
    await expect(reclaiming).rejects.toMatchObject({ code: "ABORTED" });
    expect(count(file, "PRAGMA freelist_count")).toBeGreaterThan(0);
  });
});

test.skipIf(process.platform === "win32")("a new database is for its owner's eyes only", async () => {
  const { store, file } = await newStore();
  await store.objects.put("a", {}, null);
  for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
});

test("a new file has small pages, incremental vacuum and a write-ahead log", async () => {
  const { file } = await newStore();
  expect(count(file, "PRAGMA page_size")).toBe(4096);
  expect(count(file, "PRAGMA auto_vacuum")).toBe(2);
  expect(count(file, "SELECT journal_mode = 'wal' FROM pragma_journal_mode")).toBe(1);
});

test.each([4096, 16_384])("a file of pages of %i bytes keeps them, and its log stays as short", async (pageSize) => {
  const file = databaseFile();
  const made = new DatabaseSync(file);
  made.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA journal_mode = WAL`);
  made.close();
  const { store, close } = await openPath(file);
  const archiver = createArchiver(store);
  const line = `{"text":"${"x".repeat(991)}"}\n`;
  const recorder = archiver.recorder("s", { create: { view: "agent" } });
  for (let n = 0; n < 10; n++) await recorder.append(line.repeat(1000));
  await recorder.close();
  expect(statSync(`${file}-wal`).size).toBeLessThan(7 * MIB);
  await archiver.archive("s");
  expect((await store.reclaim()).freedBytes).toBeGreaterThan(9 * MIB);
  expect(new TextDecoder().decode(await toBytes(archiver.read("s")))).toBe(line.repeat(10_000));
  await close();
  expect(count(file, "PRAGMA page_size")).toBe(pageSize);
  expect(count(file, "PRAGMA freelist_count")).toBe(0);
  const again = await openPath(file);
  expect(await createArchiver(again.store).info("s")).toMatchObject({ lineCount: 10_000 });
  await again.close();
});

test.each(hosts)("a host's database without incremental vacuum (%s) stays as it is", async (_, connect) => {
  const file = databaseFile();
  const host = connect(file);
  host.exec("PRAGMA page_size = 8192; CREATE TABLE notes (text)");
  const store = await openSqlite(host);
  const ref = await store.blobs.create({ id: "a", name: "output" }, "g", inChunks(pattern(MIB), MIB));
  await store.blobs.delete(ref);
  expect(await store.reclaim()).toEqual({ freedBytes: 0 });
  await store.close();
  host.close();
  expect(count(file, "PRAGMA page_size")).toBe(8192);
  expect(count(file, "PRAGMA auto_vacuum")).toBe(0);
  expect(count(file, "SELECT journal_mode = 'delete' FROM pragma_journal_mode")).toBe(1);
});

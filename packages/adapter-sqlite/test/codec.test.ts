/** A store brings the best codec for Node: an archiver on it needs no other argument. */
import { type Archiver, createArchiver, defaultCodec } from "@session-archiver/core";
import { expect, test } from "vitest";
import { openSqlite, type SqliteStore, zlibCodec } from "../src/index.js";
import { databaseFile } from "./support/stores.js";

const OUTPUT = JSON.stringify({ text: "all work and no play ".repeat(20) })
  .concat("\n")
  .repeat(50);

async function archiveBytes(archiver: Archiver): Promise<number> {
  const recorder = archiver.recorder("s", { create: {} });
  await recorder.append(OUTPUT);
  await recorder.close();
  return (await archiver.archive("s")).archiveBytes;
}

async function bytesWith(create: (store: SqliteStore) => Archiver): Promise<number> {
  await using store = await openSqlite(databaseFile());
  return await archiveBytes(create(store));
}

test("createArchiver(store) compresses with zlib, unless it gets another codec", async () => {
  const zlib = await bytesWith((store) => createArchiver({ ...store, codec: zlibCodec() }));
  const fflate = await bytesWith((store) => createArchiver({ ...store, codec: defaultCodec() }));
  expect(zlib).not.toBe(fflate);
  expect(await bytesWith((store) => createArchiver(store))).toBe(zlib);
  expect(await bytesWith((store) => createArchiver({ ...store, codec: zlibCodec({ level: 0 }) }))).toBeGreaterThan(
    OUTPUT.length,
  );
});

test("so does a store that is opened read-only", async () => {
  const file = databaseFile();
  const written = await openSqlite(file);
  await archiveBytes(createArchiver(written));
  await written.close();
  const store = await openSqlite(file, { readOnly: true });
  expect(store.codec.concurrency).toBe(zlibCodec().concurrency);
  expect(await createArchiver(store).verifyAll()).toMatchObject({ checked: 1, bad: [] });
  await store.close();
});

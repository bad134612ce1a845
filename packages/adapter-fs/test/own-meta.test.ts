/** The file that holds the store's own metadata. The conformance suite tests the contract itself. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type FsStore, openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

const ownOf = ({ objects: { ownMeta } }: FsStore) => ownMeta ?? expect.fail();

test("it is one readable file beside the sessions, which no session can have", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const version = await ownOf(store).put({ id: "own" }, null);
  const file = join(directory.path, "store", "store.json");
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ version, meta: { id: "own" } });
  const before = await readFile(file);
  for (const id of ["store.json", "store", "STORE.JSON", ".", "./store.json", "store.json/x"]) {
    await store.objects.put(id, {}, null);
    await store.blobs.create({ id, name: "store.json" }, "g", (async function* () {})());
  }
  expect(await readFile(file)).toEqual(before);
  expect(await Array.fromAsync(store.objects.list())).toHaveLength(6);
});

test("to ask for it makes nothing on the disk", async () => {
  await using directory = await temporary();
  await using store = openFs(join(directory.path, "home"));
  expect(await ownOf(store).get()).toBeUndefined();
  expect(await readdir(directory.path)).toEqual([]);
});

test("a put leaves the file, and nothing in the staging area", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await ownOf(store).put({}, null);
  await expect(ownOf(store).put({}, null)).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await readdir(join(directory.path, "store"))).sort()).toEqual([".lock", ".staging", "store.json"]);
  expect(await readdir(join(directory.path, "store", ".staging"))).toEqual([]);
});

const DAMAGE = ["", "{", "null", "[]", '{"version":"1"}', '{"version":1,"meta":{}}', '{"version":"1","meta":[]}'];

test.each(DAMAGE)("a file with %j is CORRUPT, stays as it is, and disturbs nothing else", async (damage) => {
  await using directory = await temporary();
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  const own = ownOf(store);
  const version = await own.put({}, null);
  const file = join(directory.path, "store", "store.json");
  await writeFile(file, damage);

  const corrupt = { code: "CORRUPT", message: expect.stringContaining(file) };
  await expect(own.get()).rejects.toMatchObject(corrupt);
  await expect(own.put({}, null)).rejects.toMatchObject(corrupt);
  await expect(own.put({}, version)).rejects.toMatchObject(corrupt);
  expect(await readFile(file, "utf8")).toBe(damage);
  await store.objects.put("a", {}, null);
  expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toEqual(["a"]);
  expect(skipped).toEqual([]);
});

test("a link or a directory in its place is CORRUPT, and is left alone", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.objects.put("a", {}, null);
  const file = join(directory.path, "store", "store.json");
  const elsewhere = join(directory.path, "elsewhere.json");
  await writeFile(elsewhere, '{"version":"1","meta":{"stolen":true}}');
  await symlink(elsewhere, file);
  await expect(ownOf(store).get()).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(ownOf(store).put({}, "1")).rejects.toMatchObject({ code: "CORRUPT" });
  await rm(file);
  await mkdir(file);
  await expect(ownOf(store).get()).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(ownOf(store).put({}, null)).rejects.toMatchObject({ code: "CORRUPT" });
  expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toEqual(["a"]);
});

test("after closing it is UNAVAILABLE; what JSON can't hold is INVALID_ARGUMENT", async () => {
  await using directory = await temporary();
  const store = openFs(directory.path);
  for (const meta of [null, [], "text", undefined]) {
    await expect(ownOf(store).put(meta as never, null)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  }
  await store.close();
  await expect(ownOf(store).get()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(ownOf(store).put({}, null)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

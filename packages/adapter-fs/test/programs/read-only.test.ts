/** Opened read-only, a store makes and changes nothing: names, bytes and times stay. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf, createArchiver, toBytes } from "@session-archiver/core";
import { FROM_SOURCES, treeOf } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { type FsStore, openFs, openFsArchives } from "../../src/index.js";
import { temporary } from "../support/temporary.js";

const TEXT = "{}\n{}\n";
/** The last one is so long that its path is shortened. */
const IDS = ["live", "archived", "resumed", "pruned", "x".repeat(400)] as const;

async function fill(directory: string): Promise<void> {
  await using store = openFs(directory);
  const archiver = createArchiver(store);
  for (const id of IDS) {
    const recorder = archiver.recorder(id, { create: { view: "agent" } });
    await recorder.append(TEXT);
    if (id !== "live") await archiver.archive(id);
    if (id === "resumed") await recorder.append(TEXT);
    await recorder.close();
  }
  await archiver.pruneSession("pruned");
}

async function readAll(store: FsStore): Promise<void> {
  const archiver = createArchiver(store);
  const states = new Map((await Array.fromAsync(archiver.list())).map(({ id, state }) => [id, state]));
  for (const id of IDS.slice(0, 4)) expect(states.get(id)).toBe(id);
  expect(states.get(IDS[4])).toBe("archived");
  for (const id of ["live", "archived", IDS[4]]) {
    expect(new TextDecoder().decode(await toBytes(archiver.read(id)))).toBe(TEXT);
  }
  expect(new TextDecoder().decode(await toBytes(archiver.read("resumed")))).toBe(TEXT + TEXT);
  expect(await archiver.verifyAll()).toMatchObject({ checked: IDS.length, bad: [] });
  await Array.fromAsync(archiver.plan({ inactiveDays: 0, maxTotalBytes: 0 }));
  expect(await Array.fromAsync(store.archives.list())).not.toEqual([]);
}

test("reading changes nothing, whatever state the sessions are in", async () => {
  await using directory = await temporary();
  await fill(directory.path);
  const before = treeOf(directory.path);
  {
    await using store = openFs(directory.path, { readOnly: true });
    await readAll(store);
    await using sink = openFsArchives(join(directory.path, "archives"), { readOnly: true });
    expect(await Array.fromAsync(sink.list())).not.toEqual([]);
  }
  expect(treeOf(directory.path)).toEqual(before);
});

test("a store of the version before is read where it is", async () => {
  await using directory = await temporary();
  await fill(directory.path);
  await rm(join(directory.path, "sessions"));
  await rename(join(directory.path, "store"), join(directory.path, "sessions"));
  const before = treeOf(directory.path);
  {
    await using store = openFs(directory.path, { readOnly: true });
    await readAll(store);
  }
  // Opened for writing, but only read, it stays there as well.
  {
    await using store = openFs(directory.path);
    await readAll(store);
  }
  expect(treeOf(directory.path)).toEqual(before);
});

test("what would change it is INVALID_ARGUMENT, before any effect", async () => {
  await using directory = await temporary();
  await fill(directory.path);
  const before = treeOf(directory.path);
  await using store = openFs(directory.path, { readOnly: true });
  await using sink = openFsArchives(join(directory.path, "archives"), { readOnly: true });
  const { objects, blobs, archives } = store;
  const at = await blobs.stat({ id: "live", name: "output" });
  if (!at) throw new Error("It has no output.");
  const version = (await objects.get("live"))?.version ?? "";
  const writes = [
    () => objects.put("live", {}, version),
    () => objects.put("new", {}, null),
    () => objects.delete("live", version),
    () => blobs.create({ id: "new", name: "output" }, "1", bytesOf()),
    () => blobs.append(at, new Uint8Array(1)),
    () => blobs.delete(at),
    () => archives.put("new", bytesOf()),
    () => archives.delete("new"),
    () => sink.put("new", bytesOf()),
    () => sink.delete("new"),
  ];
  for (const write of writes) {
    const message = expect.stringContaining("opened read-only");
    await expect(write()).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
  }
  expect(treeOf(directory.path)).toEqual(before);
});

test("where there is no store every look is NOT_FOUND, and nothing is made", async () => {
  await using directory = await temporary();
  await mkdir(join(directory.path, "empty"));
  const looks = (store: FsStore, hasArchives: boolean) => [
    () => store.objects.get("a"),
    () => Array.fromAsync(store.objects.list()),
    () => store.blobs.stat({ id: "a", name: "output" }),
    () => Array.fromAsync(store.blobs.list("a")),
    ...(hasArchives ? [] : [() => Array.fromAsync(store.archives.list()), () => store.archives.stat("a")]),
  ];
  for (const name of ["missing", "empty"]) {
    await using store = openFs(join(directory.path, name), { readOnly: true });
    for (const look of looks(store, name === "empty")) {
      const message = expect.stringContaining(`There is no store at "${join(directory.path, name)}"`);
      await expect(look()).rejects.toMatchObject({ code: "NOT_FOUND", message });
    }
  }
  await using sink = openFsArchives(join(directory.path, "missing"), { readOnly: true });
  await expect(Array.fromAsync(sink.list())).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await readdir(directory.path)).toEqual(["empty"]);
});

test("a store in which nothing was archived yet has no archives", async () => {
  await using directory = await temporary();
  {
    await using store = openFs(directory.path);
    await store.objects.put("a", {}, null);
  }
  await using store = openFs(directory.path, { readOnly: true });
  expect(await Array.fromAsync(store.archives.list())).toEqual([]);
  expect((await readdir(directory.path)).sort()).toEqual(["sessions", "store"]);
});

test.runIf(process.platform !== "win32")("no right to write is needed", async () => {
  await using directory = await temporary();
  await fill(directory.path);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.warn("not root: rights are taken from this user's own files");
  if (isRoot) execFileSync("chown", ["-R", "65534:65534", directory.path]);
  execFileSync("chmod", ["-R", "a-w", directory.path]);
  const before = treeOf(directory.path);
  const child = fileURLToPath(new URL("../support/list-child.ts", import.meta.url));
  const args = [...FROM_SOURCES, child, directory.path, String(isRoot), "read-only"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(treeOf(directory.path)).toEqual(before);
  execFileSync("chmod", ["-R", "u+w", directory.path]);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ listed: expect.arrayContaining([...IDS]), skipped: 0 });
});

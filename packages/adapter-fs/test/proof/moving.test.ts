/** The first change moves a store of the version before, which then meets an error instead of an empty store. */
import { existsSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { lstat, mkdir, readdir, readlink, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, toBytes } from "@session-archiver/core";
import { finish, killAfter } from "@session-archiver/test-kit/machine";
import { afterEach, expect, test, vi } from "vitest";
import { openFs } from "../../src/index.js";
import { start } from "../support/processes.js";
import { type Temporary, temporary } from "../support/temporary.js";

interface Faults {
  /** The code with which links fail. */
  symlink?: string | undefined;
  /** Called before each rename. */
  beforeRename?: (() => void) | undefined;
  /** Called once, before a look at this path or one below it. */
  beforeLook?: { readonly at: string; run(): void } | undefined;
}

const faults = vi.hoisted((): Faults => ({}));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    symlinkSync(...args: Parameters<typeof fs.symlinkSync>) {
      if (faults.symlink) throw Object.assign(new Error(`${faults.symlink}: symlink`), { code: faults.symlink });
      fs.symlinkSync(...args);
    },
    renameSync(...args: Parameters<typeof fs.renameSync>) {
      faults.beforeRename?.();
      fs.renameSync(...args);
    },
    lstatSync(path: string, options: { throwIfNoEntry: false }) {
      const { beforeLook } = faults;
      if (beforeLook && path.startsWith(beforeLook.at)) {
        faults.beforeLook = undefined;
        beforeLook.run();
      }
      return fs.lstatSync(path, options);
    },
  };
});
afterEach(() => Object.assign(faults, { symlink: undefined, beforeRename: undefined, beforeLook: undefined }));

const BYTES = new TextEncoder().encode("{}\n");

/** A store as the version before left it: the same files, in `sessions/`. */
async function oldStore(): Promise<Temporary> {
  const directory = await temporary();
  {
    await using store = openFs(directory.path);
    await store.objects.put("p/s", { n: 1 }, null);
    await store.blobs.create({ id: "p/s", name: "output" }, "1", bytesOf(BYTES));
    await store.archives.put("p/s.jsonl.gz", bytesOf(BYTES));
  }
  await rm(join(directory.path, "sessions"));
  await rename(join(directory.path, "store"), join(directory.path, "sessions"));
  return directory;
}

/** The first step of every operation of the version before: an error here fails them all. */
async function asBefore(directory: string): Promise<readonly string[]> {
  const ABSENT = ["ENOENT", "ENOTDIR"];
  const sessions = join(directory, "sessions");
  try {
    const root = await realpath(sessions);
    return await readdir(root);
  } catch (error) {
    if (ABSENT.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

async function isWhole(directory: string): Promise<void> {
  await using store = openFs(directory, { readOnly: true });
  expect(await store.objects.get("p/s")).toMatchObject({ meta: { n: 1 } });
  expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toContain("p/s");
  const [at] = await Array.fromAsync(store.blobs.list("p/s"));
  expect(at && (await toBytes(store.blobs.read(at)))).toEqual(BYTES);
}

async function isMoved(directory: string): Promise<void> {
  expect((await lstat(join(directory, "sessions"))).isSymbolicLink()).toBe(true);
  expect(await readlink(join(directory, "sessions"))).toContain("Update session-archiver");
  await expect(asBefore(directory)).rejects.toMatchObject({ code: "ELOOP", path: join(directory, "sessions") });
  expect((await readdir(directory)).filter((name) => name !== "archives").sort()).toEqual(["sessions", "store"]);
  await isWhole(directory);
}

test("the version before meets an error in a new store", async () => {
  await using directory = await temporary();
  await using store = openFs(join(directory.path, "deep/down"));
  await store.objects.put("p/s", {}, null);
  await expect(asBefore(join(directory.path, "deep/down"))).rejects.toMatchObject({ code: "ELOOP" });
});

test("the first change moves a store", async () => {
  await using directory = await oldStore();
  await using store = openFs(directory.path);
  expect(await asBefore(directory.path)).toContain("p");
  await store.objects.put("new", {}, null);
  await isMoved(directory.path);
  // The store that was open still works.
  expect(await store.objects.get("p/s")).toBeDefined();
});

test.each(["objects.put", "objects.delete", "blobs.create", "blobs.append", "blobs.delete"])(
  "so does %s",
  async (name) => {
    await using directory = await oldStore();
    await using store = openFs(directory.path);
    const { objects, blobs } = store;
    const at = await blobs.create({ id: "q", name: "output" }, "1", bytesOf());
    const version = await objects.put("q", {}, null);
    await rm(join(directory.path, "sessions"));
    await rename(join(directory.path, "store"), join(directory.path, "sessions"));
    await using again = openFs(directory.path);
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      "objects.put": () => again.objects.put("q", { n: 2 }, version),
      "objects.delete": () => again.objects.delete("q", version),
      "blobs.create": () => again.blobs.create({ id: "r", name: "output" }, "1", bytesOf()),
      "blobs.append": () => again.blobs.append(at, BYTES),
      "blobs.delete": () => again.blobs.delete(at),
    };
    await changes[name]?.();
    await isMoved(directory.path);
  },
);

test.each(["before the first rename", "between the renames"])("a crash %s loses nothing", async (when) => {
  await using directory = await oldStore();
  let renames = 0;
  faults.beforeRename = () => {
    if (renames++ === (when === "between the renames" ? 1 : 0)) throw new Error("It crashes.");
  };
  {
    await using store = openFs(directory.path);
    const outcome = await store.objects.put("new", {}, null).catch((error: unknown) => error);
    // The sessions are at their new place in the second case: the process goes on by itself.
    if (when === "before the first rename") expect(outcome).toMatchObject({ code: "UNAVAILABLE" });
    await isWhole(directory.path);
  }
  faults.beforeRename = undefined;
  await using store = openFs(directory.path);
  await store.objects.put("newer", {}, null);
  expect(existsSync(join(directory.path, "store/p/s"))).toBe(true);
  await expect(asBefore(directory.path)).rejects.toMatchObject({ code: "ELOOP" });
  await isWhole(directory.path);
});

test("looks that are under way while a store is moved see all of it", async () => {
  await using directory = await oldStore();
  {
    await using store = openFs(directory.path);
    for (let n = 0; n < 40; n++) await store.objects.put(`many/${n}`, {}, null);
  }
  for (let round = 0; round < 10; round++) {
    await rm(join(directory.path, "sessions"));
    await rename(join(directory.path, "store"), join(directory.path, "sessions"));
    await using reader = openFs(directory.path, { readOnly: true });
    await using writer = openFs(directory.path);
    const listing = Array.fromAsync(reader.objects.list());
    const looks = Promise.all(Array.from({ length: 40 }, (_, n) => reader.objects.get(`many/${n}`)));
    const [listed, got] = await Promise.all([listing, looks, writer.objects.put(`round/${round}`, {}, null)]);
    expect(new Set(listed.map(({ id }) => id).filter((id) => id.startsWith("many/"))).size).toBe(40);
    expect(got).not.toContain(undefined);
  }
});

test.each([
  ["objects.get", ""],
  ["objects.list", ""],
  ["blobs.stat", ""],
  ["blobs.list", ""],
  ["blobs.read", ""],
  ["objects.get", "half-way"],
  ["objects.list", "half-way"],
  ["blobs.stat", "half-way"],
  ["blobs.list", "half-way"],
  ["blobs.read", "half-way"],
])("a look in whose middle the store is moved is right: %s %s", async (name, how) => {
  await using directory = await oldStore();
  await using store = openFs(directory.path, { readOnly: true });
  const { objects, blobs } = store;
  const key = { id: "p/s", name: "output" };
  const looks: Readonly<Record<string, () => Promise<unknown>>> = {
    "objects.get": async () => (await objects.get("p/s"))?.id,
    "objects.list": async () => (await Array.fromAsync(objects.list()))[0]?.id,
    "blobs.stat": async () => (await blobs.stat(key))?.key.id,
    "blobs.list": async () => (await Array.fromAsync(blobs.list("p/s")))[0]?.key.id,
    "blobs.read": async () => (await toBytes(blobs.read({ key, generation: "1", size: 3 }))).length === 3 && "p/s",
  };
  const sessions = join(directory.path, "sessions");
  let isDone = false;
  faults.beforeLook = {
    at: join(sessions, "p"),
    run() {
      renameSync(sessions, join(directory.path, "store"));
      if (how === "") symlinkSync("sessions/loop", sessions);
      isDone = true;
    },
  };
  expect([await looks[name]?.(), isDone]).toEqual(["p/s", true]);
});

test("a store is not moved while the version before is at work in it", async () => {
  await using directory = await oldStore();
  const worker = start(directory.path, "hold", "sessions");
  let outcome: unknown;
  await killAfter(worker, 1, async () => {
    await using store = openFs(directory.path, { lockTimeoutMs: 20 });
    outcome = await store.objects.put("new", {}, null).catch((error: unknown) => error);
  });
  expect(outcome).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("held the lock") });
  expect(await asBefore(directory.path)).toContain("p");
  await using store = openFs(directory.path);
  await store.objects.put("new", {}, null);
  await isMoved(directory.path);
});

test("any number of processes may meet an old store at once", async () => {
  await using directory = await oldStore();
  await Promise.all(Array.from({ length: 5 }, () => finish(start(directory.path, "count", 5))));
  await isMoved(directory.path);
  await using store = openFs(directory.path);
  expect((await store.objects.get("counter"))?.meta).toEqual({ count: 25 });
});

test("a link to another disk is moved as it is", async () => {
  await using directory = await oldStore();
  await using disk = await temporary();
  await rename(join(directory.path, "sessions"), join(disk.path, "sessions"));
  await symlink(join(disk.path, "sessions"), join(directory.path, "sessions"));
  await using store = openFs(directory.path);
  await store.objects.put("new", {}, null);
  expect(await readlink(join(directory.path, "store"))).toBe(join(disk.path, "sessions"));
  await isMoved(directory.path);
});

test.each(["EPERM", "ENOTSUP"])("where no links can be made the sessions stay where they are: %s", async (code) => {
  faults.symlink = code;
  await using old = await temporary();
  await mkdir(join(old.path, "sessions/p/s"), { recursive: true });
  await using fresh = await temporary();
  for (const { path } of [old, fresh]) {
    await using store = openFs(path);
    await store.objects.put("p/s", { n: 1 }, null);
    await store.blobs.create({ id: "p/s", name: "output" }, "1", bytesOf(BYTES));
    await isWhole(path);
    expect(await readdir(path)).toEqual(["sessions"]);
  }
});

test("a copy in which the link was lost gets it again", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.objects.put("p/s", {}, null);
  await rm(join(directory.path, "sessions"));
  await using again = openFs(directory.path);
  await again.objects.put("q", {}, null);
  await expect(asBefore(directory.path)).rejects.toMatchObject({ code: "ELOOP" });
});

test("a store of the version before beside one of this version is reported, and both stay unchanged", async () => {
  await using directory = await oldStore();
  mkdirSync(join(directory.path, "store"));
  await using store = openFs(directory.path);
  for (const use of [() => store.objects.get("p/s"), () => store.objects.put("q", {}, null)]) {
    const message = expect.stringMatching(/Besides .*store there is .*sessions/);
    await expect(use()).rejects.toMatchObject({ code: "UNAVAILABLE", message });
  }
  expect(await readdir(join(directory.path, "store"))).toEqual([]);
});

test("other files in the place of the link are CORRUPT and left alone", async () => {
  for (const make of [
    (path: string) => writeFile(path, "a diary"),
    async (path: string) => symlinkSync("/nowhere/at/all", path),
  ]) {
    await using directory = await temporary();
    const path = join(directory.path, "sessions");
    await make(path);
    await using store = openFs(directory.path);
    await expect(store.objects.put("q", {}, null)).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await readdir(directory.path)).toEqual(["sessions"]);
  }
});

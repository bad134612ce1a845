/** How objects lie in a directory. The conformance suite tests the contract itself. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@session-archiver/core";
import { expect, test } from "vitest";
import { openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

test("an object is one readable file named after it", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const version = await store.objects.put("claude-code/my project/1", { view: "agent" }, null);
  const file = join(directory.path, "store", "claude-code", "my%20project", "1.session.json");
  const text = await readFile(file, "utf8");
  expect(JSON.parse(text)).toEqual({ id: "claude-code/my project/1", version, meta: { view: "agent" } });
  expect(text).toMatch(/\n$/);
});

test("deleting an object leaves no directory behind, unless something else is in it", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const inner = await store.objects.put("a/b", {}, null);
  const outer = await store.objects.put("a", {}, null);
  await store.objects.delete("a", outer);
  expect(await readdir(join(directory.path, "store", "a"))).toEqual(["b.session.json"]);
  await store.objects.delete("a/b", inner);
  expect((await readdir(join(directory.path, "store"))).sort()).toEqual([".lock", ".staging"]);
});

const DAMAGE = [
  "",
  "{",
  "null",
  "[]",
  '{"id":"a"}',
  '{"id":"b","version":"1","meta":{}}',
  '{"id":"a","version":"1","meta":[]}',
];

test.each(DAMAGE)("a file with %j is CORRUPT, stays as it is, and hides no other object", async (damage) => {
  await using directory = await temporary();
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  const version = await store.objects.put("a", {}, null);
  await store.objects.put("a/below", {}, null);
  await store.objects.put("other", {}, null);
  const file = join(directory.path, "store", "a.session.json");
  await writeFile(file, damage);

  const corrupt = { code: "CORRUPT", id: "a", message: expect.stringContaining(file) };
  await expect(store.objects.get("a")).rejects.toMatchObject(corrupt);
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject(corrupt);
  await expect(store.objects.put("a", {}, version)).rejects.toMatchObject(corrupt);
  await expect(store.objects.delete("a", version)).rejects.toMatchObject(corrupt);
  const listed = await Array.fromAsync(store.objects.list());
  expect(listed.map(({ id }) => id).sort()).toEqual(["a/below", "other"]);
  expect(skipped).toMatchObject([{ code: "CORRUPT", message: expect.stringContaining(file) }]);
  expect(await readFile(file, "utf8")).toBe(damage);
});

test("by default a process warning reports an object that is left out", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.objects.put("a", {}, null);
  await writeFile(join(directory.path, "store", "a.session.json"), "{");
  const warned = new Promise((resolve) => process.once("warning", resolve));
  await Array.fromAsync(store.objects.list());
  expect(hasCode(await warned, "CORRUPT")).toBe(true);
});

test("symbolic links and directories in place of an object are CORRUPT and left alone", async () => {
  await using directory = await temporary();
  await using outside = await temporary();
  const secret = join(outside.path, "session.json");
  await writeFile(secret, '{"id":"file","version":"1","meta":{"theirs":true}}');
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  await store.objects.put("mine", {}, null);
  const sessions = join(directory.path, "store");
  await mkdir(join(sessions, "old-file"));
  await symlink(secret, join(sessions, "old-file", "session.json"));
  await mkdir(join(sessions, "old-directory", "session.json"), { recursive: true });
  await symlink(secret, join(sessions, "file.session.json"));
  await mkdir(join(sessions, "directory.session.json"));
  await symlink(outside.path, join(sessions, "link"));
  await mkdir(join(outside.path, "below"));

  for (const id of ["file", "directory", "old-file", "old-directory", "link", "link/below"]) {
    await expect(store.objects.get(id)).rejects.toMatchObject({ code: "CORRUPT", id });
    await expect(store.objects.put(id, {}, null)).rejects.toMatchObject({ code: "CORRUPT", id });
    await expect(store.objects.delete(id, "1")).rejects.toMatchObject({ code: "CORRUPT", id });
  }
  expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id)).toEqual(["mine"]);
  expect(skipped).toHaveLength(4);
  expect(await readFile(secret, "utf8")).toContain("theirs");
  expect((await readdir(outside.path, { recursive: true })).sort()).toEqual(["below", "session.json"]);
});

test("a link in place of the staging directory or the lock is not followed", async () => {
  await using directory = await temporary();
  await using outside = await temporary();
  await mkdir(join(directory.path, "store"));
  await symlink(outside.path, join(directory.path, "store", ".staging"));
  await using store = openFs(directory.path);
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject({ code: "CORRUPT" });
  await rm(join(directory.path, "store", ".staging"));
  await symlink(join(outside.path, "lock"), join(directory.path, "store", ".lock"));
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject({ code: "CORRUPT" });
  expect(await readdir(outside.path)).toEqual([]);
});

test("an object deleted and made again while it is listed comes at most once", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const ids = Array.from({ length: 10 }, (_, n) => `p/${n}`);
  for (const id of ids) await store.objects.put(id, {}, null);
  const seen: string[] = [];
  for await (const { id } of store.objects.list()) {
    seen.push(id);
    for (const other of ids) {
      const object = await store.objects.get(other);
      if (object) await store.objects.delete(other, object.version);
    }
    for (const other of ids) await store.objects.put(other, {}, null);
  }
  expect(new Set(seen).size).toBe(seen.length);
});

test("metadata that JSON can't hold is INVALID_ARGUMENT", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  for (const meta of [circular, { n: 1n }, null, [], "text", undefined]) {
    await expect(store.objects.put("a", meta as never, null)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      id: "a",
    });
  }
  expect(await readdir(directory.path)).toEqual([]);
});

test.each(DAMAGE)(
  "a damaged file with %j can be taken out once its bytes are kept, and makes room for another",
  async (damage) => {
    await using directory = await temporary();
    await using store = openFs(directory.path);
    await store.objects.put("a", { view: "agent" }, null);
    await store.objects.put("whole", {}, null);
    const file = join(directory.path, "store", "a.session.json");
    await writeFile(file, damage);
    const failing = store.objects.takeDamaged?.("a", async () => Promise.reject(new Error("no room")));
    await expect(failing).rejects.toThrow("no room");
    expect(await readFile(file, "utf8")).toBe(damage);
    const kept: string[] = [];
    await store.objects.takeDamaged?.("a", async (stored) => void kept.push(new TextDecoder().decode(stored)));
    expect(kept).toEqual([damage]);
    expect(await store.objects.get("a")).toBeUndefined();
    await store.objects.put("a", { title: "anew" }, null);
    for (const id of ["a", "whole", "absent"]) {
      const taking = store.objects.takeDamaged?.(id, async () => void kept.push(id));
      await expect(taking).rejects.toMatchObject({ code: "CONFLICT", id });
    }
    expect(kept).toHaveLength(1);
  },
);

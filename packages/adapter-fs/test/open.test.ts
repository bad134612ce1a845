/** Opening, closing, and the directory used by default. */
import { execFile } from "node:child_process";
import { cp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bytesOf, toBytes } from "@session-archiver/core";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { afterEach, expect, test, vi } from "vitest";
import { defaultHome, openFs, openFsArchives } from "../src/index.js";
import { temporary } from "./support/temporary.js";

afterEach(() => vi.unstubAllEnvs());

test("after close every call is UNAVAILABLE, and closing again does nothing", async () => {
  await using directory = await temporary();
  const store = openFs(directory.path);
  const { objects, blobs, archives } = store;
  await objects.put("a", {}, null);
  const at = await blobs.create({ id: "a", name: "output" }, "1", bytesOf());
  await archives.put("a", bytesOf());
  await store.close();
  await store.close();
  const calls = [
    () => objects.get("a"),
    () => objects.put("b", {}, null),
    () => objects.delete("a", "1"),
    () => Array.fromAsync(objects.list()),
    () => blobs.stat(at.key),
    () => Array.fromAsync(blobs.list("a")),
    () => toBytes(blobs.read(at)),
    () => blobs.create(at.key, "2", bytesOf()),
    () => blobs.append(at, new Uint8Array(1)),
    () => blobs.delete(at),
    () => archives.put("b", bytesOf()),
    () => archives.stat("a"),
    () => toBytes(archives.read("a")),
    () => archives.delete("a"),
    () => Array.fromAsync(archives.list()),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("close waits for changes under way, and those not begun are UNAVAILABLE", async () => {
  await using directory = await temporary();
  const store = openFs(directory.path);
  const at = await store.blobs.create({ id: "a", name: "output" }, "1", bytesOf());
  const append = store.blobs.append(at, new Uint8Array(1_000_000));
  const closed = store.close();
  const outcome = await append.catch((error: unknown) => error);
  await closed;
  await using again = openFs(directory.path);
  const size = (await again.blobs.stat(at.key))?.size;
  if (size === 0) expect(outcome).toMatchObject({ code: "UNAVAILABLE" });
  else expect(outcome).toMatchObject({ size });
});

test("a copy in which links became absolute, as Node's own cp makes them, takes changes and gets its link back", async () => {
  await using directory = await temporary();
  const [home, copy] = [join(directory.path, "home"), join(directory.path, "copy")];
  await using store = openFs(home);
  await store.objects.put("a", {}, null);
  await cp(home, copy, { recursive: true });
  const link = await readlink(join(home, "sessions"));
  expect(await readlink(join(copy, "sessions"))).toBe(join(home, link));
  await using copied = openFs(copy);
  expect(await copied.objects.get("a")).toBeDefined();
  await copied.objects.put("b", {}, null);
  expect(await readlink(join(copy, "sessions"))).toBe(link);
  expect(await store.objects.get("b")).toBeUndefined();
  // Anything else in the link's place stays an error.
  await rm(join(copy, "sessions"));
  await symlink(directory.path, join(copy, "sessions"));
  await using again = openFs(copy);
  await expect(again.objects.put("c", {}, null)).rejects.toMatchObject({
    message: expect.stringContaining("sessions"),
  });
});

test("the sink of a store is a sink of its own in archives/", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const info = await store.archives.put("p/a.jsonl.gz", bytesOf(new Uint8Array(5)));
  await using sink = openFsArchives(join(directory.path, "archives"));
  expect(await Array.fromAsync(sink.list())).toEqual([info]);
});

test("a time that is not a whole number of at least 0 is INVALID_ARGUMENT", () => {
  for (const lockTimeoutMs of [Number.NaN, -1, "1" as never]) {
    expect(() => openFs("x", { lockTimeoutMs })).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  }
});

test("anything but a path is INVALID_ARGUMENT", () => {
  for (const path of ["", "a\0b", undefined, 7, {}]) {
    expect(() => openFs(path as string)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => openFsArchives(path as string)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  }
});

test("the default is SESSION_ARCHIVER_HOME, or a directory in the home directory", () => {
  vi.stubEnv("SESSION_ARCHIVER_HOME", "/somewhere");
  expect(defaultHome()).toBe("/somewhere");
  vi.stubEnv("SESSION_ARCHIVER_HOME", "");
  vi.stubEnv("HOME", "/home/someone");
  expect(defaultHome()).toBe("/home/someone/.session-archiver");
  vi.stubEnv("HOME", "");
  expect(() => defaultHome()).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test("the README's example runs", async () => {
  await using directory = await temporary();
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(example).toContain("openFs");
  const file = join(directory.path, "example.ts");
  await writeFile(file, example);
  const env = { ...process.env, SESSION_ARCHIVER_HOME: join(directory.path, "home") };
  const { stdout } = await promisify(execFile)(process.execPath, [...FROM_SOURCES, file], { env });
  expect(stdout).toMatch(/^\{"type":"user","text":"Hello"\}\n[0-9a-f]{12}\/[0-9a-f]{2}\/claude-code\//);
  expect(stdout).toMatch(/\.jsonl\.gz$/m);
});

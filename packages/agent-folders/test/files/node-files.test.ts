import { execFileSync } from "node:child_process";
import { link, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { type Bytes, bytesOf, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { fileError } from "../../src/files/system-errors.js";
import { nodeFiles } from "../../src/index.js";
import { temporary } from "../support/temporary.js";

const files = nodeFiles();
const text = (value: string): Bytes => bytesOf(new TextEncoder().encode(value));
const private600 = { mode: 0o600 };

test("a look tells a file apart, and follows no link", async () => {
  await using folder = await temporary();
  const at = (name: string) => `${folder.path}/${name}`;
  await writeFile(at("file"), "12345", { mode: 0o640 });
  await link(at("file"), at("second"));
  await symlink("file", at("link"));
  execFileSync("mkfifo", [at("pipe")]);
  const stats = await stat(at("file"), { bigint: true });
  expect(await files.look(at("file"))).toEqual({
    kind: "file",
    size: 5,
    identity: `${stats.dev}:${stats.ino}`,
    mtimeNs: `${stats.mtimeNs}`,
    ctimeNs: `${stats.ctimeNs}`,
    links: 2,
    mode: 0o640,
    owner: process.getuid?.(),
    diskBytes: Number(stats.blocks) * 512,
  });
  expect(await files.look(at("second"))).toEqual(await files.look(at("file")));
  expect((await files.look(at("link")))?.kind).toBe("link");
  expect((await files.look(at("pipe")))?.kind).toBe("other");
  expect((await files.look(folder.path))?.kind).toBe("folder");
  expect(await files.look(at("none"))).toBeUndefined();
  expect(await files.look(at("file/below"))).toBeUndefined();
});

test("only plain files are opened, and a pipe does not hold anything up", async () => {
  await using folder = await temporary();
  const at = (name: string) => `${folder.path}/${name}`;
  await writeFile(at("file"), "x");
  await symlink("file", at("link"));
  execFileSync("mkfifo", [at("pipe")]);
  for (const path of [at("link"), at("pipe"), folder.path]) {
    await expect(files.open(path)).rejects.toMatchObject({ code: "CONFLICT" });
  }
  expect(await files.open(at("none"))).toBeUndefined();
});

test("an open file stays readable without its name, from any byte to any other", async () => {
  await using folder = await temporary();
  const path = `${folder.path}/file`;
  const all = Buffer.from(Array.from({ length: 1_300_000 }, (_, index) => index % 251));
  await writeFile(path, all);
  const file = await files.open(path);
  if (!file) throw new Error("It is there.");
  expect(await files.unlink(path)).toBe(true);
  expect(await files.unlink(path)).toBe(false);
  expect(Buffer.compare(await toBytes(file.read()), all)).toBe(0);
  expect(Buffer.compare(await toBytes(file.read({ start: 7, end: 600_000 })), all.subarray(7, 600_000))).toBe(0);
  expect((await toBytes(file.read({ start: 1_299_999, end: 9_000_000 }))).length).toBe(1);
  expect((await toBytes(file.read({ start: 2_000_000 }))).length).toBe(0);
  expect((await file.look()).links).toBe(0);
  await file.close();
});

test("nothing is replaced", async () => {
  await using folder = await temporary();
  const at = (name: string) => `${folder.path}/${name}`;
  await writeFile(at("a"), "a");
  await writeFile(at("b"), "b");
  await symlink("nowhere", at("link"));
  expect(await files.link(at("a"), at("b"))).toBe(false);
  expect(await files.link(at("a"), at("link"))).toBe(false);
  expect(await files.link(at("a"), at("c"))).toBe(true);
  await expect(files.link(at("none"), at("d"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  for (const path of [at("b"), at("link")]) {
    await expect(files.write(path, text("x"), private600)).rejects.toMatchObject({ code: "CONFLICT" });
  }
  expect(await readFile(at("b"), "utf8")).toBe("b");
  expect(await readdir(folder.path)).toEqual(["a", "b", "c", "link"]);
});

test("a rename says whether there was something to move", async () => {
  await using folder = await temporary();
  const at = (name: string) => `${folder.path}/${name}`;
  await writeFile(at("a"), "a");
  expect(await files.rename(at("none"), at("b"))).toBe(false);
  await expect(files.rename(at("a"), at("none/b"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await files.rename(at("a"), at("b"))).toBe(true);
  expect(await files.list(folder.path)).toEqual(["b"]);
});

test("a new file has its bytes, mode and time", async () => {
  await using folder = await temporary();
  const path = `${folder.path}/new`;
  await files.write(path, text("new"), { mode: 0o644, mtimeMs: 1_700_000_000_123 });
  const { mode, mtimeMs, size } = await stat(path);
  expect([mode & 0o7777, Math.round(mtimeMs), size]).toEqual([0o644, 1_700_000_000_123, 3]);
});

test("folders are made with a mode, and removed only if they are empty", async () => {
  await using folder = await temporary();
  const at = (name: string) => `${folder.path}/${name}`;
  await files.makeFolder(at("a/b"), 0o700);
  await files.makeFolder(at("a/b"), 0o755);
  expect((await stat(at("a/b"))).mode & 0o777).toBe(0o700);
  await files.sync(at("a"));
  expect(await files.removeFolder(at("a"))).toBe(false);
  expect(await files.removeFolder(at("a/b"))).toBe(true);
  expect(await files.removeFolder(at("a/b"))).toBe(false);
  await writeFile(at("file"), "");
  expect(await files.removeFolder(at("file"))).toBe(false);
  expect(await files.list(at("none"))).toEqual([]);
});

test("a read of a file that was cut ends there", async () => {
  await using folder = await temporary();
  const path = `${folder.path}/file`;
  await writeFile(path, "12345");
  const file = await files.open(path);
  await truncate(path, 2);
  expect(file && (await toBytes(file.read({ start: 0, end: 5 }))).length).toBe(2);
  await file?.close();
});

test.each([
  ["ENOSPC", "QUOTA"],
  ["EDQUOT", "QUOTA"],
  ["EIO", "UNAVAILABLE"],
  ["EXDEV", "UNAVAILABLE"],
])("%s is %s", (system, code) => {
  const error = Object.assign(new Error("It failed."), { code: system });
  expect(fileError("write", "/a", error)).toMatchObject({ code, message: 'Could not write "/a": It failed.' });
});

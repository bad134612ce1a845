/** Everything below a root, by looks alone. */
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { walk } from "../../src/walk/walk.js";
import { countedFiles } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";

const walked = async (path: string, failing: readonly string[] = []) => {
  const files = countedFiles(failing);
  const { files: found, folders, leftOut } = await walk({ name: "projects", path }, files, {});
  expect(files.opened).toEqual([]);
  return {
    files: found.map(({ path }) => path),
    folders: folders.map(({ path }) => path),
    leftOut: Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason])),
  };
};

describe("a walk", () => {
  test("finds files and folders at any depth, in order, with their looks", async () => {
    const root = await tempFolder();
    await put(join(root, "b/2.jsonl"), "two");
    await put(join(root, "b/c/d/3.txt"), "three");
    await put(join(root, "a.jsonl"), "");
    const { files, folders, leftOut } = await walk({ name: "", path: root }, countedFiles(), {});
    expect(files.map(({ path, look }) => [path, look.size])).toEqual([
      ["a.jsonl", 0],
      ["b/2.jsonl", 3],
      ["b/c/d/3.txt", 5],
    ]);
    expect(folders.map(({ path, look }) => [path, look.kind])).toEqual([
      ["b", "folder"],
      ["b/c", "folder"],
      ["b/c/d", "folder"],
    ]);
    expect(leftOut).toEqual([]);
  });

  test("follows no link, takes no file with several names, and says so", async () => {
    const root = await tempFolder();
    const outside = await tempFolder();
    await put(join(outside, "x.jsonl"), "x");
    await put(join(root, "a/one.jsonl"), "1");
    linkSync(join(root, "a/one.jsonl"), join(root, "a/same.jsonl"));
    symlinkSync(outside, join(root, "folder"));
    symlinkSync(join(outside, "x.jsonl"), join(root, "a/file.jsonl"));
    symlinkSync(join(root, "nowhere"), join(root, "dangling"));
    symlinkSync("..", join(root, "a/loop"));
    expect(await walked(root)).toEqual({
      files: [],
      folders: ["a"],
      leftOut: {
        "a/one.jsonl": "several names",
        "a/same.jsonl": "several names",
        "a/file.jsonl": "link",
        "a/loop": "link",
        dangling: "link",
        folder: "link",
      },
    });
  });

  test("waits on no pipe, and leaves out what is denied", async () => {
    const root = await tempFolder();
    execFileSync("mkfifo", [join(root, "pipe.jsonl")]);
    await put(join(root, "p/Settings.JSON"), "{}");
    await put(join(root, "p/.ssh/a.jsonl"), "{}");
    expect(await walked(root)).toEqual({
      files: [],
      folders: ["p"],
      leftOut: { "pipe.jsonl": "not a session", "p/Settings.JSON": "denied", "p/.ssh": "denied" },
    });
  });

  test("skips what is held aside, wherever it lies", async () => {
    const root = await tempFolder();
    await put(join(root, ".session-archiver-held/p/a.jsonl/original.x"), "held");
    await put(join(root, "p/.session-archiver-held/b.jsonl/original.x"), "held");
    expect((await walked(root)).leftOut).toEqual({
      ".session-archiver-held": "held aside",
      "p/.session-archiver-held": "held aside",
    });
  });

  test("goes on beside a folder that can't be listed, and names it", async () => {
    const root = await tempFolder();
    await put(join(root, "a/1.jsonl"), "1");
    await put(join(root, "b/2.jsonl"), "2");
    expect(await walked(root, [join(root, "a")])).toEqual({
      files: ["b/2.jsonl"],
      folders: ["b"],
      leftOut: { a: "unreadable" },
    });
    expect(await walked(root, [root])).toEqual({ files: [], folders: [], leftOut: { "": "unreadable" } });
  });

  test("names a file whose name is not text", async () => {
    const root = await tempFolder();
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff, 0x62])]), "x");
    expect((await walked(root)).leftOut).toEqual({ "a\uFFFDb": "unreadable" });
  });

  test("takes names of any other kind", async () => {
    const root = await tempFolder();
    const names = ["-rf", " ", "a\nb", "a\\b", "%2e", "ünï", "x".repeat(255), "con", "*", "$(x)"];
    for (const name of names) writeFileSync(join(root, name), "x");
    expect((await walked(root)).files).toEqual(names.toSorted());
  });

  test("can be stopped", async () => {
    const root = await tempFolder();
    mkdirSync(join(root, "a"));
    const stopped = walk({ name: "", path: root }, countedFiles(), { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
  });
});

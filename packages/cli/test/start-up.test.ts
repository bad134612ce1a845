/** The built program loads only what a command needs. Needs a build. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newFolder } from "./support/cli.js";
import { loadedBy } from "./support/loaded.js";
import { transcript, writeFiles } from "./support/sessions.js";

const NODES = /^node:/;
/** Texts that occur only in the adapters, in any file of the build. */
const SQL = /PRAGMA |CREATE TABLE/;
const textOf = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
const filesOf = (modules: readonly string[]): readonly string[] => modules.filter((url) => !NODES.test(url));

async function newHome(): Promise<string> {
  const folder = await newFolder();
  await writeFiles(folder, { "p/a.jsonl": transcript(2), "p/漢.jsonl": transcript(2) });
  return folder;
}

test.each(["--version", "-V"])("%s loads three files: no command, no adapter, no database", async (flag) => {
  const { status, modules } = loadedBy(await newFolder(), flag);
  expect(status).toBe(0);
  expect(filesOf(modules)).toEqual(["bin/session-archiver.js", "dist/main.js", "dist/start.js"]);
  expect(filesOf(modules).filter((file) => SQL.test(textOf(file)))).toEqual([]);
  for (const heavy of ["node:sqlite", "node:zlib", "node:crypto"]) expect(modules).not.toContain(heavy);
});

test.each([[["--help"]], [["help", "list"]], [["list", "--help"]], [["lsit"]], [["list", "--nope"]], [[]]])(
  "no adapter is loaded for %j",
  async (words) => {
    const { modules } = loadedBy(await newFolder(), ...words);
    expect(modules).not.toContain("node:sqlite");
    expect(filesOf(modules).filter((file) => file.includes("adapter") || SQL.test(textOf(file)))).toEqual([]);
  },
);

test("a command loads its own module, shared modules, and the adapters that it needs", async () => {
  const folder = await newHome();
  expect(loadedBy(folder, "import", "p/a.jsonl").status).toBe(0);
  const { status, modules } = loadedBy(folder, "list");
  expect(status).toBe(0);
  expect(modules).toContain("node:sqlite");
  const files = new Set(filesOf(modules).map((file) => file.replace(/^dist\//, "")));
  for (const needed of ["list.js", "adapter-sqlite.js"]) expect(files).toContain(needed);
  for (const other of ["sweep.js", "import.js", "bar.js", "string-width.js", "folders.js"])
    expect(files).not.toContain(other);
  expect(files.size).toBeLessThanOrEqual(9);
});

test("a list reads no archive, so the adapter of the archives' folder isn't loaded", async () => {
  const folder = await newHome();
  for (const words of [
    ["import", "p/a.jsonl"],
    ["archive", "a"],
  ])
    expect(loadedBy(folder, ...words).status).toBe(0);
  const ofFolders = (modules: readonly string[]): readonly string[] =>
    filesOf(modules).filter((file) => file.includes("adapter-fs"));
  const { status, modules } = loadedBy(folder, "list");
  expect(status).toBe(0);
  expect(ofFolders(modules)).toEqual([]);
  expect(ofFolders(loadedBy(folder, "verify").modules)).not.toEqual([]);
});

test("of two adapters only the named one is loaded", async () => {
  const folder = await newHome();
  const words = ["--store", "fs:x", "--archives", "fs:x", "--home", "home"];
  expect(loadedBy(folder, ...words, "import", "p/a.jsonl").status).toBe(0);
  const { status, modules } = loadedBy(folder, ...words, "list");
  expect(status).toBe(0);
  expect(modules).not.toContain("dist/adapter-sqlite.js");
});

test("a server's adapter and its driver are loaded for those who name a server alone", async () => {
  const folder = await newHome();
  const onServers = (modules: readonly string[]): readonly string[] =>
    modules.filter((url) => /adapter-postgres|\/node_modules\/pg\//.test(url));
  const refused = loadedBy(folder, "--store", "postgres://127.0.0.1:1/db", "list");
  expect(refused.status).toBe(1);
  expect(onServers(refused.modules)).toContain("dist/adapter-postgres.js");
  expect(onServers(refused.modules).length).toBeGreaterThan(1);
  for (const words of [["import", "p/a.jsonl"], ["list"], ["doctor"]])
    expect([words, onServers(loadedBy(folder, ...words).modules)]).toEqual([words, []]);
});

test("only a conversation that is shown loads what reads and draws it", async () => {
  const folder = await newHome();
  expect(loadedBy(folder, "import", "p/a.jsonl").status).toBe(0);
  const drawing = (modules: readonly string[]): readonly string[] =>
    filesOf(modules).filter((file) => textOf(file).includes("a record that breaks off"));
  const shown = loadedBy(folder, "show", "a");
  expect([shown.status, drawing(shown.modules).length]).toEqual([0, 1]);
  for (const words of [["list"], ["cat", "a"], ["show"], ["show", "--help"], ["import", "p/a.jsonl"]])
    expect(drawing(loadedBy(folder, ...words).modules)).toEqual([]);
  // A pager is for terminals only.
  expect(shown.modules).not.toContain("node:child_process");
});

test("outside the package only Node's own modules are ever loaded", async () => {
  const folder = await newHome();
  for (const words of [
    ["import", "p"],
    ["archive", "a"],
    ["list"],
    ["info", "a"],
    ["cat", "a"],
    ["show", "a"],
    ["export", "a", "-o", "a.jsonl.gz"],
    ["sweep", "--dry-run"],
    ["prune"],
    ["verify"],
    ["stats"],
    ["gc"],
    ["restore", "a"],
  ]) {
    const { status, modules } = loadedBy(folder, ...words);
    expect([words, status]).toEqual([words, 0]);
    expect(modules.filter((url) => !/^(node:|bin\/|dist\/)/.test(url))).toEqual([]);
  }
});

test("the help loads every command, each from its own file", async () => {
  const { modules } = loadedBy(await newFolder(), "--help");
  for (const command of ["import", "list", "sweep", "undo-prune", "gc"])
    expect(modules).toContain(`dist/${command}.js`);
});

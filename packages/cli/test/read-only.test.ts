/** Commands that only read change nothing, create nothing, and need no write permission. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canMount, NO_MOUNT, onSmallDisk } from "@session-archiver/test-kit/faults";
import { FROM_SOURCES, treeOf } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import { type Cli, newCli, newFolder } from "./support/cli.js";
import { makeSessions, READING } from "./support/reading.js";
import { transcript, writeFiles } from "./support/sessions.js";

const SCRIPT = fileURLToPath(new URL("support/read-only.ts", import.meta.url));
if (!canMount) console.warn(NO_MOUNT);

const KINDS = [
  ["SQLite and files", ["--home", "home"]],
  ["files", ["--store", "fs:home", "--archives", "fs:home"]],
  ["one database", ["--store", "sqlite:home/one.db", "--archives", "sqlite:home/one.db"]],
] as const;

interface Said {
  readonly words: readonly string[];
  readonly exitCode: number;
  readonly text: string;
  readonly stderr: string;
}

/** All reading commands succeeded, and the writing ones were refused. */
function check(said: readonly Said[]): void {
  expect(said.map(({ words, exitCode }) => [words, exitCode])).toEqual([
    ...READING.map((words) => [words, 0]),
    [["pin", "live"], 1],
  ]);
  expect(said.find(({ words }) => words[0] === "cat")?.text).toBe(transcript(20, undefined, "live"));
}

describe.each(KINDS)("with %s", (_, always) => {
  test.each(READING)("reading changes nothing: %s", async (...words) => {
    const cli = await newCli(...always);
    await makeSessions(cli);
    const before = treeOf(cli.folder);
    const { exitCode, stderr } = await cli.run(...words);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(treeOf(cli.folder)).toEqual(before);
  });

  test.runIf(process.platform !== "win32")("reading needs no write permission", async () => {
    const folder = await newFolder();
    const args = [...FROM_SOURCES, SCRIPT, folder, "rights", ...always];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    spawnSync("chmod", ["-R", "u+w", folder]);
    expect(stderr).toBe("");
    check(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
  });

  test.skipIf(!canMount)("reading works on a disk that is mounted read-only", async () => {
    const lines = await onSmallDisk("20m", SCRIPT, (mounted) => [mounted, "mount", ...always]);
    check(lines.map((line) => JSON.parse(line)));
  });
});

test("export writes its file and nothing else", async () => {
  const cli = await newCli();
  await makeSessions(cli);
  const before = treeOf(cli.folder);
  expect((await cli.run("export", "archived")).exitCode).toBe(0);
  const { "archived.jsonl": exported, ...after } = treeOf(cli.folder);
  expect(exported).toBeDefined();
  expect(after).toEqual(before);
});

describe("without a store to read", () => {
  async function saysSo(cli: Cli, always: readonly string[], words: readonly string[], parts: string[]): Promise<void> {
    const before = treeOf(cli.folder);
    const { exitCode, text, stderr } = await cli.run(...always, ...words);
    expect([exitCode, text]).toEqual([1, ""]);
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).toContain("[NOT_FOUND]");
    expect(treeOf(cli.folder)).toEqual(before);
  }

  test.each(READING)("a mistyped home is reported, and not created: %s", async (...words) => {
    const cli = await newCli();
    await makeSessions(cli);
    const path = join(cli.folder, "hoem");
    await saysSo(cli, ["--home", "hoem"], words, [`There is no home at "${path}"`, "--home"]);
  });

  test("it is reported for the environment's home, also as JSON", async () => {
    const cli = await newCli();
    const { exitCode, stdout } = await cli.runWith({ env: { SESSION_ARCHIVER_HOME: "nowhere" } }, "list", "--json");
    expect(exitCode).toBe(1);
    const message = expect.stringContaining(join(cli.folder, "nowhere"));
    expect(JSON.parse(stdout.toString())).toEqual({ error: { code: "NOT_FOUND", message } });
    expect(await readdir(cli.folder)).toEqual([]);
  });

  test("a folder without a store is not a home", async () => {
    const cli = await newCli();
    await mkdir(join(cli.folder, "home"));
    await saysSo(cli, [], ["list"], [`There is no store in the home "${join(cli.folder, "home")}"`, "--home"]);
  });

  test("archives without their catalogue are reported, and left alone", async () => {
    const cli = await newCli();
    await makeSessions(cli);
    await rm(join(cli.folder, "home/sessions.db"));
    for (const words of READING) await saysSo(cli, [], words, ["There are archives in", "home/sessions.db", "rebuild"]);
  });

  test("a missing store that was named by an option is reported with that option", async () => {
    const cli = await newCli();
    await saysSo(cli, ["--store", "sqlite:x.db"], ["list"], [join(cli.folder, "x.db"), "--store"]);
    await saysSo(cli, ["--store", "fs:x"], ["list"], [join(cli.folder, "x"), "--store"]);
    await makeSessions(cli);
    await saysSo(cli, ["--archives", "sqlite:x.db"], ["list"], [join(cli.folder, "x.db"), "--archives"]);
    await mkdir(join(cli.folder, "empty"));
    await saysSo(cli, ["--store", "fs:empty"], ["list"], [join(cli.folder, "empty")]);
    await writeFile(join(cli.folder, "empty.db"), "");
    await saysSo(cli, ["--store", "sqlite:empty.db"], ["list"], [join(cli.folder, "empty.db")]);
  });

  test("a store in which nothing was archived yet has no folder of archives, and needs none", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "s.jsonl": transcript(3) });
    await cli.run("import", "s.jsonl");
    for (const words of [["list"], ["stats"], ["verify"], ["cat", "s"], ["info", "s"], ["gc", "--dry-run"]]) {
      expect([words, (await cli.run(...words)).exitCode]).toEqual([words, 0]);
    }
    expect(existsSync(join(cli.folder, "home/archives"))).toBe(false);
  });
});

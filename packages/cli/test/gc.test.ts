/** What `gc` deletes, what it leaves and reports, and when it asks first. */
import { appendFile, copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { GcReport } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { type Cli, newCli, type Run, Sink } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

const OTHERS = ["--store", "sqlite:other.db", "--archives", "fs:home/archives"];

class Terminal extends Sink {
  readonly isTTY = true;
}

async function archivesIn(cli: Cli): Promise<readonly string[]> {
  const names = await readdir(join(cli.folder, "home/archives"), { recursive: true });
  return names.filter((name) => name.endsWith(".gz"));
}

/** Two archived sessions. */
async function filledCli(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(20), "p/b.jsonl": transcript(20, undefined, "b") });
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  expect((await cli.run("archive", "a", "b")).exitCode).toBe(0);
  expect(await archivesIn(cli)).toHaveLength(2);
  return cli;
}

function typed(cli: Cli, text: string, ...words: readonly string[]): Promise<Run> {
  const stdin = Object.assign(Readable.from([Buffer.from(text)]), { isTTY: true });
  return cli.runWith({ stdin, stderr: new Terminal() }, ...words);
}

describe("gc", () => {
  test("reports what it deletes, or would delete", async () => {
    const cli = await filledCli();
    await cli.run("restore", "a");
    const dry = await cli.run("gc", "--grace", "0", "--dry-run");
    expect(dry).toMatchObject({ exitCode: 0, stderr: "" });
    expect(dry.text).toMatch(/a\..*\.jsonl\.gz\n.*Would delete 2 files, [\d.]+ k?B\.\n$/s);
    expect(await archivesIn(cli)).toHaveLength(2);
    const run = await cli.run("gc", "--grace", "0");
    expect(run.exitCode).toBe(0);
    expect(run.text).toBe(dry.text.replace("Would delete", "Deleted"));
    expect(await archivesIn(cli)).toHaveLength(1);
    expect((await cli.run("gc", "--grace", "0")).text).toBe("Deleted 0 files, 0 B.\n");
  });

  test("leaves unknown objects, and says how many there are and what to do", async () => {
    const cli = await filledCli();
    const run = await cli.run(...OTHERS, "gc", "--grace", "0");
    expect(run.exitCode).toBe(0);
    expect(run.text).toMatch(/^Deleted 0 files, 0 B\.\nUnknown: 4 files, .* that nothing explains\..*`gc --unknown`/);
    const report = (await cli.run(...OTHERS, "gc", "--grace", "0", "--json")).json<GcReport>();
    expect(report).toMatchObject({ keys: [], archiveBytesFreed: 0, unknown: { count: 4 }, refused: null });
    expect(await archivesIn(cli)).toHaveLength(2);
  });

  test.each([[[]], [["--json"]]])("with --unknown only shows them if there is no terminal: %s", async (more) => {
    const cli = await filledCli();
    const run = await cli.run(...OTHERS, "gc", "--grace", "0", "--unknown", ...more);
    expect(run.exitCode).toBe(1);
    expect(run.text).toMatch(/a\..*\.jsonl\.gz/);
    expect(run.stderr).toMatch(/\nNothing was deleted. To delete these files for good, add --yes.\n$/);
    expect(await archivesIn(cli)).toHaveLength(2);
    const dry = await cli.run(...OTHERS, "gc", "--grace", "0", "--unknown", "--dry-run");
    expect(dry.exitCode).toBe(0);
    expect(dry.text).toMatch(/unknown: .*a\..*\.jsonl\.gz/);
  });

  test("with --unknown --yes deletes them", async () => {
    const cli = await filledCli();
    const run = await cli.run(...OTHERS, "gc", "--grace", "0", "--unknown", "--yes", "--json");
    expect(run.exitCode).toBe(0);
    expect(run.json<GcReport>().keys).toHaveLength(4);
    expect(await archivesIn(cli)).toEqual([]);
  });

  test("asks at a terminal, and shows what would be deleted", async () => {
    const cli = await filledCli();
    const words = [...OTHERS, "gc", "--grace", "0", "--unknown"];
    for (const answer of ["no\n", "\n", ""]) {
      expect((await typed(cli, answer, ...words)).exitCode).toBe(1);
      expect(await archivesIn(cli)).toHaveLength(2);
    }
    const stderr = new Terminal();
    const stdin = Object.assign(Readable.from(["yes\n"]), { isTTY: true });
    expect((await cli.runWith({ stdin, stderr }, ...words)).exitCode).toBe(0);
    expect(stderr.bytes.toString()).toMatch(/unknown: .*a\..*\nNothing explains 4 files, .*Type yes:\n/s);
    expect(await archivesIn(cli)).toEqual([]);
  });

  test("with --unknown asks nothing if no object is unknown", async () => {
    const cli = await filledCli();
    await cli.run("restore", "a");
    expect(await cli.run("gc", "--grace", "0", "--unknown")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await archivesIn(cli)).toHaveLength(1);
  });

  test("fails and says why if the catalogue was set back", async () => {
    const cli = await filledCli();
    const [database, old] = [join(cli.folder, "home/sessions.db"), join(cli.folder, "old.db")];
    await copyFile(database, old);
    await appendFile(join(cli.folder, "p/a.jsonl"), transcript(5));
    await cli.run("import", "p");
    await cli.run("archive", "a");
    for (const ending of ["-wal", "-shm"]) await rm(`${database}${ending}`, { force: true });
    await copyFile(old, database);
    const before = await archivesIn(cli);
    const run = await cli.run("gc", "--grace", "0", "--json");
    expect(run.exitCode).toBe(1);
    const { refused, keys, unknown } = run.json<GcReport>();
    expect([keys, unknown.count]).toEqual([[], 2]);
    expect(refused).toContain("set back");
    expect(run.stderr).toContain(`refused: ${refused}`);
    expect(await archivesIn(cli)).toEqual(before);
  });

  test("also has its old name, and then says the new one", async () => {
    const cli = await filledCli();
    const old = await cli.run("collect", "--grace", "0", "--json");
    expect(old).toMatchObject({ exitCode: 0, stderr: "collect is now called gc.\n" });
    expect((await cli.run("--json", "--home", "home", "collect")).stderr).toBe("collect is now called gc.\n");
    const now = await cli.run("--home", "collect", "gc", "--json");
    expect(now).toMatchObject({ exitCode: 0, stderr: "" });
    expect(now.json()).toEqual(old.json());
    expect((await cli.run("--help")).text).toContain("gc|collect");
    expect((await cli.run("gc", "--help")).text).toContain("was called collect");
  });
});

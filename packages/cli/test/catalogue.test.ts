/** With a catalogue that is lost, set back, or beside another machine's archives, no command deletes anything. */
import { execFileSync } from "node:child_process";
import { appendFile, cp, readdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { CatchUpReport, GcReport, SweepReport, VerifyReport } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { transcript, writeFiles } from "./support/sessions.js";

const DAY_MS = 24 * 60 * 60 * 1000;

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function archivesOf(cli: Cli): Promise<readonly string[]> {
  return (await filesIn(join(cli.folder, "home/archives"))).filter((path) => path.endsWith(".gz"));
}

/** Old enough for any grace period. */
async function age(cli: Cli): Promise<void> {
  const old = new Date(Date.now() - 3 * DAY_MS);
  for (const path of await filesIn(join(cli.folder, "home/archives"))) await utimes(path, old, old);
}

async function backUp(cli: Cli, from: string, to: string): Promise<void> {
  for (const ending of ["", "-wal", "-shm"]) {
    await rm(join(cli.folder, to + ending), { force: true });
    await cp(join(cli.folder, from + ending), join(cli.folder, to + ending)).catch(() => {});
  }
}

async function filled(...names: string[]): Promise<Cli> {
  const cli = await newCli();
  for (const name of names) await writeFiles(cli.folder, { [`p/${name}.jsonl`]: transcript(20, undefined, name) });
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  expect((await cli.run("archive", ...names)).exitCode).toBe(0);
  return cli;
}

describe("with the catalogue lost", () => {
  test("every command says so, verify fails, and the nightly command deletes nothing", async () => {
    const cli = await filled("a", "b");
    await age(cli);
    for (const ending of ["", "-wal", "-shm"]) await rm(join(cli.folder, `home/sessions.db${ending}`), { force: true });
    const before = await archivesOf(cli);
    for (const words of [["list"], ["verify"], ["stats"]]) {
      const run = await cli.run(...words);
      expect([words, run.exitCode]).toEqual([words, 1]);
      expect(run.stderr).toContain("There are archives in");
    }
    const prune = await cli.run("prune", "--grace", "14");
    expect(prune.stderr).toContain("the catalogue knows no session");
    // Now there is one, and it is empty.
    const verify = await cli.run("verify", "--json");
    expect(verify.exitCode).toBe(1);
    expect(verify.stderr).toContain("failed: The catalogue knows no session");
    expect(verify.json<VerifyReport>()).toMatchObject({ checked: 0, bad: [{ code: "CORRUPT" }] });
    const gc = await cli.run("gc", "--json");
    expect(gc).toMatchObject({ exitCode: 0 });
    expect(gc.stderr).toContain("the catalogue knows no session");
    expect(gc.json<GcReport>()).toMatchObject({ keys: [], unknown: { count: 4 } });
    expect((await cli.run("stats")).text).toMatch(/Unknown +4 archive files/);
    expect((await cli.run("stats", "--project", "nowhere")).text).not.toContain("Unknown");
    await writeFiles(cli.folder, { "q/c.jsonl": transcript(3, undefined, "c") });
    await cli.run("import", "q");
    expect((await cli.run("sweep", "--inactive-days", "0")).text).toMatch(/Unknown +4 archive files/);
    expect(await archivesOf(cli)).toEqual(expect.arrayContaining([...before]));
  });
});

describe("beside another machine's archives", () => {
  test("prune and gc leave those alone", async () => {
    const one = await filled("a");
    const two = await filled("b");
    await cp(join(two.folder, "home/archives"), join(one.folder, "home/archives"), { recursive: true });
    await age(one);
    expect((await one.run("prune", "--grace", "14")).exitCode).toBe(0);
    const gc = await one.run("gc");
    expect(gc.exitCode).toBe(0);
    expect(gc.text).toContain("Unknown: 2 files");
    expect(await archivesOf(one)).toHaveLength(2);
  });
});

describe("with a catalogue set back", () => {
  test("to before a second archive: gc refuses, and the newest line is still there", async () => {
    const cli = await filled("a", "b");
    await backUp(cli, "home/sessions.db", "backup.db");
    await appendFile(join(cli.folder, "p/a.jsonl"), "the only copy\n");
    await cli.run("import", "p");
    await cli.run("archive", "a");
    await rm(join(cli.folder, "p"), { recursive: true });
    await backUp(cli, "backup.db", "home/sessions.db");
    await age(cli);
    const gc = await cli.run("gc");
    expect(gc.exitCode).toBe(1);
    expect(gc.stderr).toMatch(/^refused: .*run record/m);
    const texts = (await archivesOf(cli)).map((path) => execFileSync("gzip", ["-dc", path]).toString());
    expect(texts.some((text) => text.endsWith("the only copy\n"))).toBe(true);
  });

  test("to before an undone prune: prune refuses until it has caught up", async () => {
    const cli = await filled("a", "b");
    await cli.run("prune", "--older-than", "0");
    await backUp(cli, "home/sessions.db", "backup.db");
    expect((await cli.run("undo-prune", "a", "b")).exitCode).toBe(0);
    await backUp(cli, "backup.db", "home/sessions.db");
    for (const more of [["--dry-run"], []]) {
      const prune = await cli.run("prune", "--grace", "0", "--json", ...more);
      expect(prune.exitCode).toBe(1);
      expect(prune.stderr).toContain("catch-up");
      expect(prune.json<SweepReport>().refused).toContain("run record");
    }
    expect(await archivesOf(cli)).toHaveLength(2);
    const caught = await cli.run("catch-up", "--json");
    expect(caught.json<CatchUpReport>().unpruned.toSorted()).toEqual(["a", "b"]);
    expect((await cli.run("cat", "a")).exitCode).toBe(0);
    expect((await cli.run("catch-up")).text).toBe("There was nothing to catch up with.\n");
    expect((await cli.run("prune", "--grace", "0")).exitCode).toBe(0);
  });
});

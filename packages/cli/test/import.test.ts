/** What an import finds, what it leaves out, and how it ends. */
import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { leftOutText } from "../src/import/left-out.js";
import type { ImportReport } from "../src/import/report.js";
import { newCli, newEmptyStore } from "./support/cli.js";
import { idsOf as ids, imported } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

describe("ids", () => {
  test("are the paths below the named folder, or a file's own name, if no line has a better one", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "projects/-Users-me-app/s1.jsonl": transcript(1),
      "projects/-Users-me-app/s1/subagents/agent-a.jsonl": transcript(2),
      "projects/top.jsonl": transcript(3),
      "projects/UPPER.JSONL": transcript(4),
      "alone/single.jsonl": transcript(5),
    });
    expect(await imported(cli, "projects", "alone/single.jsonl")).toEqual({
      ...{ exitCode: 0, imported: 5, appended: 0, skipped: 0, unchanged: 0, older: 0, pruned: 0, forgotten: 0 },
      ...{ replaced: 0, mended: 0, revived: 0, leftOut: [], failed: [], warnings: [] },
    });
    expect(await ids(cli)).toEqual([
      "-Users-me-app/s1",
      "-Users-me-app/s1/subagents/agent-a",
      "UPPER",
      "single",
      "top",
    ]);
    expect((await cli.run("cat", "-Users-me-app/s1")).text).toBe(transcript(1));
  });

  test("that are impossible are reported, and the others go on", async () => {
    const cli = await newCli();
    const long = Array.from({ length: 5 }, () => "d".repeat(250)).join("/");
    await writeFiles(cli.folder, {
      "p/.jsonl": transcript(1),
      [`p/${long}/x.jsonl`]: transcript(1),
      "p/fine.jsonl": transcript(1),
    });
    const report = await imported(cli, "p");
    expect(report).toMatchObject({ exitCode: 0, imported: 1 });
    expect(report.failed).toEqual([
      { path: join("p", ".jsonl"), id: "", code: "INVALID_ARGUMENT", message: expect.any(String) },
      { path: join("p", long, "x.jsonl"), id: `${long}/x`, code: "INVALID_ARGUMENT", message: expect.any(String) },
    ]);
    expect(report.warnings).toHaveLength(2);
    expect(await ids(cli)).toEqual(["fine"]);
    expect(await imported(cli, "p", "--strict")).toMatchObject({ exitCode: 1, skipped: 1 });
  });
});

describe("the order of an import", () => {
  /** The sessions in the order in which they were taken in: the last one of the names was changed first. */
  async function takenIn(names: readonly string[]): Promise<readonly string[]> {
    const cli = await newCli();
    await writeFiles(cli.folder, Object.fromEntries(names.map((name) => [`p/${name}.jsonl`, transcript(1)])));
    for (const [i, name] of names.entries()) await utimes(join(cli.folder, `p/${name}.jsonl`), 0, 1e9 - i);
    const { stderr } = await cli.run("import", "p");
    return [...stderr.matchAll(/^imported (\S+)/gm)].map(([, name = ""]) => name);
  }
  const names = Array.from({ length: 20 }, (_, i) => `s${String(i).padStart(2, "0")}`);

  test("of many files is that of their changes: indexes by time are then written from end to end", async () => {
    expect(await takenIn(names)).toEqual(names.toReversed());
  });

  test("of a few is that of their paths", async () => {
    expect(await takenIn(names.slice(0, 5))).toEqual(names.slice(0, 5));
  });
});

describe("a file that isn't a transcript", () => {
  test("is left out, counted and named, never silently", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "p/a.jsonl": transcript(1),
      "p/notes.md": "x",
      "p/b.json": "{}",
      "p/sub/c.json": "{}",
      "p/other.ndjson": "{}",
      "p/Makefile": "x",
      "p/yet-to-come.jsonl": "",
      "elsewhere/b.jsonl": transcript(2),
    });
    await symlink(join(cli.folder, "elsewhere/b.jsonl"), join(cli.folder, "p/link.jsonl"));
    await symlink(join(cli.folder, "elsewhere"), join(cli.folder, "p/linked-folder"));
    await symlink(join(cli.folder, "nowhere"), join(cli.folder, "p/broken.jsonl"));
    const run = await cli.run("import", "p", "--json");
    expect(run.exitCode).toBe(0);
    expect(run.json<ImportReport>().leftOut).toEqual([
      { path: join("p", "Makefile"), reason: "not a transcript" },
      { path: join("p", "b.json"), reason: "not a transcript" },
      { path: join("p", "broken.jsonl"), reason: "link" },
      { path: join("p", "link.jsonl"), reason: "link" },
      { path: join("p", "linked-folder"), reason: "link" },
      { path: join("p", "notes.md"), reason: "not a transcript" },
      { path: join("p", "other.ndjson"), reason: "not a transcript" },
      { path: join("p", "sub", "c.json"), reason: "not a transcript" },
      { path: join("p", "yet-to-come.jsonl"), reason: "empty" },
    ]);
    expect(run.stderr).toContain("left out 9 files: 3 as links, 2 .json, 1 without an ending, 1 .md, 1 .ndjson");
    expect((await cli.run("import", "p")).text).toBe("0 imported, 0 appended, 1 skipped, 9 left out, 0 failed.\n");
    expect(await ids(cli)).toEqual(["a"]);
  });

  test("is summed up in one line, for any number of kinds", () => {
    const leftOut = Array.from({ length: 20 }, (_, i) => ({ path: `x.e${i}`, reason: "not a transcript" as const }));
    expect(leftOutText([])).toBeUndefined();
    expect(leftOutText(leftOut.slice(0, 1))).toBe("left out 1 file: 1 .e0; --json names them");
    expect(leftOutText(leftOut)).toMatch(/^left out 20 files: (?:1 \.e\d, ){6}14 others; --json names them$/);
  });

  test("that becomes one later is imported then", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": "" });
    expect(await imported(cli, "p")).toMatchObject({ exitCode: 0, imported: 0, leftOut: [{ reason: "empty" }] });
    await writeFile(join(cli.folder, "p/a.jsonl"), transcript(2));
    expect(await imported(cli, "p")).toMatchObject({ imported: 1, leftOut: [] });
    await writeFile(join(cli.folder, "p/a.jsonl"), "");
    expect(await imported(cli, "p/a.jsonl")).toMatchObject({ leftOut: [{ path: "p/a.jsonl", reason: "empty" }] });
    expect((await cli.run("cat", "a")).text).toBe(transcript(2));
  });
});

describe("paths", () => {
  test("that don't exist or lead to something other than a transcript are errors, and the others are imported", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": transcript(1), "notes.txt": "x", "docs/x.md": "x" });
    await mkdir(join(cli.folder, "nothing"));
    const report = await imported(cli, "missing", "notes.txt", "docs", "nothing", "a.jsonl");
    expect(report).toMatchObject({ exitCode: 1, imported: 1, leftOut: [{ path: join("docs", "x.md") }] });
    expect(report.failed).toEqual([
      { path: "missing", id: null, code: "NOT_FOUND", message: expect.stringContaining("missing") },
      { path: "notes.txt", id: null, code: "INVALID_ARGUMENT", message: expect.stringContaining(".jsonl.zst file") },
      { path: "docs", id: null, code: "INVALID_ARGUMENT", message: expect.stringContaining("no transcript") },
      { path: "nothing", id: null, code: "INVALID_ARGUMENT", message: expect.stringContaining("no transcript") },
    ]);
  });

  test("that are links themselves are followed, links below them are not", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "real/a.jsonl": transcript(1), "one/b.jsonl": transcript(2) });
    await symlink(join(cli.folder, "real"), join(cli.folder, "real/loop"));
    await symlink(join(cli.folder, "real"), join(cli.folder, "entry"));
    await symlink(join(cli.folder, "one/b.jsonl"), join(cli.folder, "called-so.jsonl"));
    expect(await imported(cli, "entry", "called-so.jsonl")).toMatchObject({
      imported: 2,
      leftOut: [{ reason: "link" }],
    });
    expect(await ids(cli)).toEqual(["a", "called-so"]);
    // Both paths lead to the same file.
    expect(await imported(cli, "real")).toMatchObject({ imported: 0, unchanged: 1 });
  });

  test("to the stores' own files are left out", async () => {
    const cli = await newCli("--store", "fs:stores/live", "--archives", "fs:stores/archives");
    await writeFiles(cli.folder, { "a.jsonl": transcript(1) });
    expect(await imported(cli, ".")).toMatchObject({ imported: 1 });
    expect(await imported(cli, ".")).toMatchObject({
      unchanged: 1,
      leftOut: [{ path: "stores/live", reason: "store" }],
    });
    expect(await ids(cli)).toEqual(["a"]);
    const named = await imported(cli, "stores/live");
    expect(named).toMatchObject({ exitCode: 1, failed: [{ path: "stores/live", code: "INVALID_ARGUMENT" }] });
  });

  test("may lie in the home", async () => {
    const cli = await newCli("--home", ".");
    await writeFiles(cli.folder, { "a.jsonl": transcript(1) });
    expect(await imported(cli, ".")).toMatchObject({ exitCode: 0, imported: 1 });
  });
});

describe("a bad file", () => {
  test("is reported, and stops neither the other files nor the next command", async () => {
    const cli = await newCli();
    const packed = gzipSync(transcript(100));
    await writeFiles(cli.folder, { "p/bad.jsonl.gz": packed.subarray(0, 100), "p/good.jsonl": transcript(1) });
    await mkdir(join(cli.folder, "p/locked.jsonl"));
    await writeFiles(cli.folder, { "p/locked.jsonl/x.jsonl": transcript(1) });
    const report = await imported(cli, "p");
    expect(report).toMatchObject({
      exitCode: 0,
      imported: 2,
      failed: [{ path: join("p", "bad.jsonl.gz"), code: "CORRUPT" }],
    });
    expect(report.warnings).toEqual([expect.stringContaining("bad.jsonl.gz")]);
    expect(await ids(cli)).toEqual(["good", "locked.jsonl/x"]);
    expect(await imported(cli, "p", "--strict")).toMatchObject({ exitCode: 1, skipped: 2 });
  });

  test.runIf(process.getuid?.() !== 0)("may be one that can't be read", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/a.jsonl": transcript(1), "p/b.jsonl": transcript(1) });
    await chmod(join(cli.folder, "p/a.jsonl"), 0);
    expect(await imported(cli, "p")).toMatchObject({ exitCode: 0, imported: 1, failed: [{ code: "UNAVAILABLE" }] });
  });
});

test("a failing store is not a bad file: the exit code says so", async () => {
  const cli = await newEmptyStore();
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(1) });
  const db = new DatabaseSync(join(cli.folder, "home/sessions.db"));
  db.exec("CREATE TRIGGER broken BEFORE INSERT ON sa_blobs BEGIN SELECT RAISE(ABORT, 'no more'); END");
  db.close();
  expect(await imported(cli, "p")).toMatchObject({ exitCode: 1, imported: 0, failed: [{ code: "UNAVAILABLE" }] });
});

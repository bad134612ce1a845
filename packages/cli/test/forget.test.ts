/** What `forget` shows, when it asks, what it says of the things it can't reach, and the way back. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf, createArchiver } from "@session-archiver/core";
import { describe, expect, test } from "vitest";
import type { ListDocument } from "../src/index.js";
import { type Cli, newCli, Sink } from "./support/cli.js";
import { claudeLines, detailsOf, idsOf, imported, listed } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

class Terminal extends Sink {
  readonly isTTY = true;
}

const FILES = {
  "p/-x/s1.jsonl": claudeLines("s1", 20),
  "p/-x/s1/subagents/agent-a1.jsonl": claudeLines("s1", 2, "sub", { isSidechain: true, agentId: "a1" }),
  "p/-x/s2.jsonl": claudeLines("s2", 20),
  "p/plain.jsonl": transcript(5),
};

async function filledCli(): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, FILES);
  expect(await imported(cli, "p")).toMatchObject({ imported: 4 });
  expect((await cli.run("archive", "claude-code:s1", "claude-code:s2")).exitCode).toBe(0);
  return cli;
}

async function forgottenIds(cli: Cli): Promise<readonly string[]> {
  const details = await Promise.all((await idsOf(cli)).map((id) => detailsOf(cli, id)));
  return details.filter(({ forgottenAt }) => forgottenAt !== null).map(({ id }) => id);
}

describe("forget", () => {
  test("without --yes only shows what would go: the session, its subagents, sizes, and what stays", async () => {
    const cli = await filledCli();
    for (const more of [[], ["--json"], ["--dry-run"]]) {
      const run = await cli.run("forget", "claude-code:s1", ...more);
      expect(run.exitCode).toBe(more.includes("--dry-run") ? 0 : 1);
      expect(run.stderr.includes("Nothing was forgotten. To delete all of this for good, add --yes.")).toBe(
        !more.includes("--dry-run"),
      );
      if (more.includes("--json")) {
        expect(run.json()).toMatchObject({
          sessions: [
            { id: "claude-code:s1", state: "archived", liveBytes: 0, pinned: false },
            { id: "claude-code:s1/agent-a1", state: "live", archiveBytes: 0 },
          ],
          sources: [expect.stringMatching(/s1\.jsonl$/), expect.stringMatching(/agent-a1\.jsonl$/)],
          failures: [],
        });
      } else {
        expect(run.text).toMatch(/archived +0 B +[\d.]+ k?B +claude-code:s1\n/);
        expect(run.text).toMatch(/live +[\d.]+ k?B +0 B +claude-code:s1\/agent-a1\n/);
        expect(run.text).toMatch(/Stays on disk: .*p\/-x\/s1\.jsonl/);
      }
    }
    expect(await forgottenIds(cli)).toEqual([]);
  });

  test("asks at a terminal, and forgets only after a yes", async () => {
    const cli = await filledCli();
    for (const [answer, exitCode] of [
      ["no\n", 1],
      ["", 1],
      ["yes\n", 0],
    ] as const) {
      const stderr = new Terminal();
      const stdin = Object.assign(Readable.from([Buffer.from(answer)]), { isTTY: true });
      expect((await cli.runWith({ stdin, stderr }, "forget", "claude-code:s1")).exitCode).toBe(exitCode);
      expect(stderr.bytes.toString()).toMatch(/archived .*claude-code:s1\n.*There is no way back\. Type yes:\n/s);
    }
    expect(await forgottenIds(cli)).toEqual(["claude-code:s1", "claude-code:s1/agent-a1"]);
  });

  test("a list calls them forgotten, and for programs pruned", async () => {
    const cli = await filledCli();
    await cli.run("forget", "claude-code:s1", "--yes");
    const states = async (...words: string[]) =>
      (await cli.run("list", "--all", "--state", "pruned", ...words)).text.match(/\b(pruned|forgotten)\b/g);
    const both = ["forgotten", "forgotten"];
    expect([await states(), await states("--wide"), await states("--format", "tsv")]).toEqual([both, both, both]);
    const { sessions } = (await cli.run("list", "--all", "--state", "pruned", "--json")).json<ListDocument>();
    expect(sessions).toMatchObject([
      { state: "pruned", forgottenAt: expect.any(Number) },
      { state: "pruned", forgottenAt: expect.any(Number) },
    ]);
  });

  test("names sources that are still there, rewrites the database, and prints one document", async () => {
    const cli = await filledCli();
    await rm(join(cli.folder, "p/-x/s1"), { recursive: true });
    const run = await cli.run("forget", "claude-code:s1", "claude-code:s2", "--yes", "--json");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.json()).toMatchObject({
      sessions: [
        { id: "claude-code:s1", liveBytesFreed: 0, left: [] },
        { id: "claude-code:s1/agent-a1", archiveBytesFreed: 0 },
        { id: "claude-code:s2" },
      ],
      sources: [expect.stringMatching(/s1\.jsonl$/), expect.stringMatching(/s2\.jsonl$/)],
      erased: { rewrittenBytes: expect.any(Number), unfinished: 0 },
    });
    expect(run.stderr).toMatch(/Rewrote [\d.]+ k?B of database/);
    expect(run.stderr.match(/still on disk: /g)).toHaveLength(2);
    expect((await listed(cli)).find(({ id }) => id === "claude-code:s1")).toMatchObject({
      state: "pruned",
      totalBytes: 0,
      lineCount: 0,
      lastActivityMs: null,
    });
  });

  test("an import leaves forgotten sessions alone and says so, until --undo", async () => {
    const cli = await filledCli();
    await cli.run("forget", "claude-code:s1", "plain", "--yes");
    const report = await imported(cli, "p");
    expect(report).toMatchObject({ imported: 0, forgotten: 3, skipped: 4, unchanged: 1, exitCode: 0 });
    expect(report.warnings).toContainEqual(
      expect.stringMatching(
        /s1\.jsonl: session claude-code:s1 was forgotten; .*`session-archiver forget --undo claude-code:s1`/,
      ),
    );
    expect((await cli.run("import", "p")).text).toBe(
      "0 imported, 0 appended, 4 skipped (1 unchanged, 3 forgotten), 0 failed.\n",
    );
    // A file of the same agent's session elsewhere, alone.
    await writeFiles(cli.folder, { "q/copy.jsonl": claudeLines("s1", 30) });
    expect(await imported(cli, "q/copy.jsonl")).toMatchObject({ imported: 0, forgotten: 1 });
    expect((await cli.run("forget", "--undo", "plain", "claude-code:s2")).exitCode).toBe(1);
    expect(await imported(cli, "p")).toMatchObject({ imported: 1, forgotten: 2 });
    expect((await cli.run("forget", "--undo", "--yes", "plain")).exitCode).toBe(2);
  });

  test("a session that is called by a path does not come back under its agent's id", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/-x/s1.jsonl": claudeLines("s1", 20) });
    // As an earlier version left it: the id is the path.
    const store = await openSqlite(join(cli.folder, "old.db"));
    const archiver = createArchiver(store);
    await archiver.import("-x/s1", bytesOf(Buffer.from(claudeLines("s1", 20))));
    await archiver.update("-x/s1", (meta) => ({ ...meta, "session:source": { identity: "claude-code:s1" } }));
    await store.close();
    const at = ["--store", "sqlite:old.db", "--archives", "fs:archives"];
    const run = await cli.run(...at, "forget", "-x/s1", "--yes");
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining("also noted as forgotten: claude-code:s1")]);
    expect((await cli.run(...at, "import", "p", "--json")).json()).toMatchObject({ imported: 0, forgotten: 1 });
  });

  test("archives without a session are forgotten, and an unknown id fails", async () => {
    const cli = await filledCli();
    const others = ["--store", "sqlite:other.db", "--archives", "fs:home/archives"];
    const run = await cli.run(...others, "forget", "claude-code:s2", "--yes");
    expect([run.exitCode, run.text]).toEqual([
      0,
      expect.stringMatching(/^forgot claude-code:s2: 0 B live, [\d.]+ k?B of/),
    ]);
    const names = await readdir(join(cli.folder, "home/archives"), { recursive: true });
    expect(names.filter((name) => name.endsWith(".gz"))).toHaveLength(1);
    const unknown = await cli.run("forget", "nothing", "--yes");
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining('There is no session "nothing"')]);
  });

  test("what can't be forgotten is named, and the exit code says so", async () => {
    const cli = await filledCli();
    const db = new DatabaseSync(join(cli.folder, "home/sessions.db"));
    db.exec("UPDATE sa_objects SET meta = 'damaged' WHERE id = CAST('claude-code:s2' AS BLOB)");
    db.close();
    const run = await cli.run("forget", "claude-code:s2", "--yes");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("left: claude-code:s2: The session's record in the catalogue is damaged");
    const names = await readdir(join(cli.folder, "home/archives"), { recursive: true });
    expect(names.filter((name) => name.endsWith(".gz"))).toHaveLength(1);
  });

  test("if the database is in use, it says that deleted bytes can still be read, and may be repeated", async () => {
    const cli = await filledCli();
    const reader = new DatabaseSync(join(cli.folder, "home/sessions.db"));
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM sa_objects").get();
    const run = await cli.run("forget", "claude-code:s2", "--yes", "--json");
    reader.close();
    expect(run.exitCode).toBe(1);
    expect(run.json()).toMatchObject({ erased: null });
    expect(run.stderr).toContain("failed: what was deleted can still be read in free space of the database");
    expect((await cli.run("forget", "claude-code:s2", "--yes")).exitCode).toBe(0);
  });

  test("a write of another program that is not finished is counted", async () => {
    const cli = await filledCli();
    await writeFile(
      join(cli.folder, `home/archives/.staging/${process.ppid}-00000000-0000-4000-8000-000000000000.tmp`),
      "half",
    );
    const run = await cli.run("forget", "claude-code:s2", "--yes");
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringContaining("left: 1 unfinished write of other programs"),
    ]);
  });
});

/** A session keeps its id wherever its file is; a different file with the same id is kept beside it. */
import { appendFile, cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver, type Meta } from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import { type Cli, newCli, newEmptyStore } from "./support/cli.js";
import { bytesOf, claudeLines, codexLines, detailsOf, idsOf, imported } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

const UUID = "0b2c8f5e-1111-4222-8333-444455556666";
const CLAUDE = `claude-code:${UUID}`;

describe("a session gets its id from its lines", () => {
  test("and is found by that id, its beginning, the agent's id, or the path of its file", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { [`projects/-w-app/${UUID}.jsonl`]: claudeLines(UUID, 3) });
    expect(await imported(cli, "projects")).toMatchObject({ imported: 1 });
    expect(await idsOf(cli)).toEqual([CLAUDE]);
    for (const name of [CLAUDE, "claude", UUID, "0b2c", `-w-app/${UUID}`, "-w-app/0b"]) {
      expect(await bytesOf(cli, name)).toBe(claudeLines(UUID, 3));
    }
    const wrong = await cli.run("cat", "--", "-w-other");
    expect(wrong).toMatchObject({ exitCode: 1 });
  });

  test("a name of several sessions is a usage error, and an unknown name is a wrong id", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/x/s.jsonl": claudeLines("aa1", 1), "p/y/s.jsonl": claudeLines("aa2", 1) });
    expect(await imported(cli, "p")).toMatchObject({ imported: 2 });
    const run = await cli.run("pin", "aa");
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toBe(
      'error: "aa" is the beginning of 2 ids. Write more of the one you mean:\n  claude-code:aa1\n  claude-code:aa2\n',
    );
    expect((await cli.run("pin", "x/s", "--json")).json()).toEqual([{ id: "claude-code:aa1", pinned: true }]);
    // A whole name never counts as the beginning of another.
    await writeFiles(cli.folder, { "p/x/s2.jsonl": claudeLines("bb", 1) });
    await imported(cli, "p");
    expect((await cli.run("pin", "x/s", "--json")).json()).toEqual([{ id: "claude-code:aa1", pinned: true }]);
  });

  test("subagents' files have ids below their session's", async () => {
    const cli = await newCli();
    const sub = claudeLines("s1", 2, "sub", { isSidechain: true, agentId: "a1" });
    await writeFiles(cli.folder, { "p/-x/s1.jsonl": claudeLines("s1", 2), "p/-x/s1/subagents/agent-a1.jsonl": sub });
    expect(await imported(cli, "p")).toMatchObject({ imported: 2 });
    expect(await idsOf(cli)).toEqual(["claude-code:s1", "claude-code:s1/agent-a1"]);
  });

  test("part of an id on a torn first line is not taken for the id", async () => {
    const cli = await newCli();
    const whole = claudeLines(UUID, 2);
    const path = join(cli.folder, "p/s.jsonl");
    const cut = whole.indexOf(UUID) + 9;
    await writeFiles(cli.folder, { "p/s.jsonl": whole.slice(0, cut) });
    expect(await imported(cli, "p")).toMatchObject({ imported: 1 });
    expect(await idsOf(cli)).toEqual(["s"]);
    // Now its id is known, and it is still the same session, here and wherever else its file is found.
    await appendFile(path, whole.slice(cut));
    expect(await imported(cli, "p")).toMatchObject({ appended: 1, imported: 0 });
    expect((await detailsOf(cli, "s")).meta["session:source"]).toMatchObject({ identity: CLAUDE });
    await writeFiles(cli.folder, { "elsewhere/other.jsonl": whole });
    expect(await imported(cli, "elsewhere")).toMatchObject({ imported: 0, unchanged: 1 });
    expect(await idsOf(cli)).toEqual(["s"]);
  });

  test("the first line may be as long as Codex's, or longer", async () => {
    const cli = await newCli();
    const long = codexLines("c1", 2).replace('"cwd"', `"base_instructions":"${"x".repeat(600_000)}","cwd"`);
    await writeFiles(cli.folder, { "p/rollout.jsonl": long });
    expect(await imported(cli, "p")).toMatchObject({ imported: 1 });
    expect(await idsOf(cli)).toEqual(["codex:c1"]);
  });
});

describe("the same session", () => {
  test("from two folders is one, in either order", async () => {
    for (const roots of [
      ["laptop", "backup"],
      ["backup", "laptop"],
    ]) {
      for (const linesOf of [(n: number) => transcript(n, n * 60_000 + Date.UTC(2026, 0, 15)), claudeOf]) {
        const cli = await newCli();
        await writeFiles(cli.folder, { "laptop/s.jsonl": linesOf(5), "backup/s.jsonl": linesOf(3) });
        const report = await imported(cli, ...roots);
        expect(report).toMatchObject({ exitCode: 0, imported: 1, failed: [] });
        expect(report.older + report.appended).toBe(1);
        const [id = "", ...others] = await idsOf(cli);
        expect(others).toEqual([]);
        expect(await bytesOf(cli, id)).toBe(linesOf(5));
      }
    }
    function claudeOf(lines: number): string {
      return claudeLines("s", lines);
    }
  });

  test("stays one if its file moves: Codex's archived sessions, a renamed project", async () => {
    const cli = await newCli();
    const name = "rollout-2026-06-02T10-00-00-c1.jsonl";
    await writeFiles(cli.folder, { [`codex/sessions/2026/06/02/${name}`]: codexLines("c1", 4) });
    expect(await imported(cli, "codex/sessions")).toMatchObject({ imported: 1 });
    await mkdir(join(cli.folder, "codex/archived_sessions"));
    await rename(
      join(cli.folder, `codex/sessions/2026/06/02/${name}`),
      join(cli.folder, "codex/archived_sessions", name),
    );
    expect(await imported(cli, "codex")).toMatchObject({ imported: 0, unchanged: 1, failed: [] });
    expect(await imported(cli, "codex/archived_sessions")).toMatchObject({ imported: 0, unchanged: 1 });
    expect(await idsOf(cli)).toEqual(["codex:c1"]);
    // Moved, and then written to.
    await appendFile(
      join(cli.folder, "codex/archived_sessions", name),
      codexLines("c1", 6).slice(codexLines("c1", 4).length),
    );
    expect(await imported(cli, "codex")).toMatchObject({ appended: 1 });
    expect(await bytesOf(cli, "codex:c1")).toBe(codexLines("c1", 6));
  });

  test("is found among many files without reading unchanged ones", async () => {
    const cli = await newCli();
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p/${i}.jsonl`, claudeLines(`s${i}`, 2)]));
    await writeFiles(cli.folder, files);
    expect(await imported(cli, "p")).toMatchObject({ imported: 30 });
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 30 });
    await appendFile(join(cli.folder, "p/7.jsonl"), claudeLines("s7", 1, "more"));
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 29, appended: 1 });
  });
});

describe("another file with the same session id but other bytes", () => {
  const first = claudeLines(UUID, 3, "one");
  const second = claudeLines(UUID, 4, "two");

  async function withBoth(): Promise<Cli> {
    const cli = await newCli();
    await writeFiles(cli.folder, { [`p/a/${UUID}.jsonl`]: first, [`p/b/${UUID}.jsonl`]: second });
    return cli;
  }

  test("is imported beside it, and neither ever replaces the other", async () => {
    const cli = await withBoth();
    const run = await cli.run("import", "p", "--json");
    expect(run.json()).toMatchObject({
      imported: 2,
      replaced: 0,
      failed: [],
      warnings: [expect.stringContaining(CLAUDE)],
    });
    expect(run.stderr).toContain(
      `imported ${join("p", "b", `${UUID}.jsonl`)} as ${CLAUDE}/${UUID}: it says that it is`,
    );
    for (let round = 0; round < 3; round++) {
      expect(await imported(cli, "p")).toMatchObject({ unchanged: 2, replaced: 0 });
      expect(await imported(cli, "p/b")).toMatchObject({ unchanged: 1, imported: 0, replaced: 0 });
      expect(await imported(cli, "p/a")).toMatchObject({ unchanged: 1, imported: 0, replaced: 0 });
    }
    await appendFile(join(cli.folder, `p/a/${UUID}.jsonl`), claudeLines(UUID, 1, "more of one"));
    await appendFile(join(cli.folder, `p/b/${UUID}.jsonl`), claudeLines(UUID, 1, "more of two"));
    expect(await imported(cli, "p")).toMatchObject({ appended: 2, imported: 0, replaced: 0 });
    expect(await bytesOf(cli, CLAUDE)).toBe(first + claudeLines(UUID, 1, "more of one"));
    expect(await bytesOf(cli, `${CLAUDE}/${UUID}`)).toBe(second + claudeLines(UUID, 1, "more of two"));
    expect(await idsOf(cli)).toEqual([CLAUDE, `${CLAUDE}/${UUID}`]);
  });

  test("and so is a third one with the same name", async () => {
    const cli = await withBoth();
    const third = claudeLines(UUID, 2, "three");
    await writeFiles(cli.folder, { [`p/c/${UUID}.jsonl`]: third });
    expect(await imported(cli, "p")).toMatchObject({ imported: 3 });
    const [, , id = ""] = await idsOf(cli);
    expect(id).toMatch(new RegExp(`^${CLAUDE}/${UUID}~[0-9a-f]{8}$`));
    expect(await bytesOf(cli, id)).toBe(third);
    expect(await imported(cli, "p")).toMatchObject({ unchanged: 3 });
    expect(await imported(cli, "p/c")).toMatchObject({ unchanged: 1 });
  });

  test("is named after its file: Codex's revert writes a second file for one thread", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "p/rollout-2026-01-01-c1.jsonl": codexLines("c1", 5),
      "p/rollout-2026-01-02-c1_cut.jsonl": codexLines("c1", 5, "another turn"),
    });
    expect(await imported(cli, "p")).toMatchObject({ imported: 2 });
    expect(await idsOf(cli)).toEqual(["codex:c1", "codex:c1/rollout-2026-01-02-c1_cut"]);
  });

  test("replaces it if the first file is gone: it was moved and rewritten", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { [`p/a/${UUID}.jsonl`]: first });
    await imported(cli, "p");
    await rm(join(cli.folder, "p/a"), { recursive: true });
    await writeFiles(cli.folder, { [`p/b/${UUID}.jsonl`]: second });
    expect(await imported(cli, "p")).toMatchObject({ replaced: 1, imported: 0 });
    expect(await bytesOf(cli, CLAUDE)).toBe(second);
  });

  test("is named after its path if no line has an id", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "x/s.jsonl": transcript(2, undefined, "one"),
      "y/s.jsonl": transcript(2, undefined, "two"),
      "z/s.jsonl": transcript(2, undefined, "one"),
      "more/s.jsonl": `${transcript(2, undefined, "one")}{}\n`,
    });
    const report = await imported(cli, "x", "y/s.jsonl", "z", "more");
    expect(report).toMatchObject({ exitCode: 0, imported: 2, appended: 1, unchanged: 1, failed: [] });
    expect(await bytesOf(cli, "s")).toBe(`${transcript(2, undefined, "one")}{}\n`);
    expect(await bytesOf(cli, "s/s")).toBe(transcript(2, undefined, "two"));
  });

  test("never replaces a session that a host created", async () => {
    const cli = await newEmptyStore();
    await madeByHand(cli, "s", transcript(2), { view: "agent" });
    await writeFiles(cli.folder, { "p/s.jsonl": transcript(3, undefined, "other") });
    expect(await imported(cli, "p")).toMatchObject({ imported: 1, replaced: 0 });
    expect(await bytesOf(cli, "s")).toBe(transcript(2));
    expect(await bytesOf(cli, "s/s")).toBe(transcript(3, undefined, "other"));
    // A file that continues the host's session extends it.
    await writeFiles(cli.folder, { "q/s.jsonl": transcript(2) + transcript(1, undefined, "more") });
    expect(await imported(cli, "q")).toMatchObject({ appended: 1 });
  });
});

/** A session as a host writes it into the store. */
async function madeByHand(cli: Cli, id: string, text: string, meta: Meta): Promise<void> {
  await using store = await openSqlite(join(cli.folder, "home/sessions.db"));
  const archiver = createArchiver({ ...store, archives: memoryArchives() });
  const recorder = archiver.recorder(id, { create: meta });
  await recorder.append(text);
  await recorder.close();
}

describe("a session imported by an earlier version", () => {
  test("keeps its path as id, and is found from elsewhere once its identity is stored", async () => {
    const cli = await newEmptyStore();
    const path = `-w-app/${UUID}.jsonl`;
    const id = `-w-app/${UUID}`;
    await writeFiles(cli.folder, { [`projects/${path}`]: claudeLines(UUID, 3) });
    const then = { view: "agent", "import:source": join("projects", path), "import:size": 1, "import:mtime_ms": 1 };
    await madeByHand(cli, id, claudeLines(UUID, 3), then);
    expect(await idsOf(cli)).toEqual([id]);
    expect(await imported(cli, "projects")).toMatchObject({ imported: 0, unchanged: 1, failed: [] });
    expect((await detailsOf(cli, id)).meta["session:source"]).toMatchObject({ identity: CLAUDE });
    await appendFile(join(cli.folder, "projects", path), claudeLines(UUID, 1, "more"));
    expect(await imported(cli, "projects")).toMatchObject({ imported: 0, appended: 1 });
    await cp(join(cli.folder, "projects/-w-app"), join(cli.folder, "moved/-w-renamed"), { recursive: true });
    expect(await imported(cli, "moved")).toMatchObject({ imported: 0, unchanged: 1 });
    expect(await idsOf(cli)).toEqual([id]);
    expect(await bytesOf(cli, id)).toBe(claudeLines(UUID, 3) + claudeLines(UUID, 1, "more"));
    // A file that is imported beside it is not confused with it.
    await writeFiles(cli.folder, { [`second/${UUID}.jsonl`]: claudeLines(UUID, 3, "other") });
    expect(await imported(cli, "second")).toMatchObject({ imported: 1 });
    await cp(join(cli.folder, "projects/-w-app"), join(cli.folder, "again/-w-third"), { recursive: true });
    expect(await imported(cli, "again")).toMatchObject({ imported: 0, unchanged: 1 });
    expect(await idsOf(cli)).toEqual([id, `${CLAUDE}/${UUID}`]);
  });

  test.each([
    ["as it was named then", (_: Cli, path: string) => join("projects", path)],
    ["from another folder", (_: Cli, path: string) => path],
    ["by its whole path", (cli: Cli, path: string) => join(cli.folder, "projects", path)],
  ])("is replaced if the same file was rewritten: %s", async (_, sourceOf) => {
    const cli = await newEmptyStore();
    const path = `-w-app/${UUID}.jsonl`;
    await madeByHand(cli, `-w-app/${UUID}`, claudeLines(UUID, 3), {
      view: "agent",
      "import:source": sourceOf(cli, path),
    });
    await writeFiles(cli.folder, { [`projects/${path}`]: claudeLines(UUID, 3, "rewritten") });
    expect(await imported(cli, "projects")).toMatchObject({ imported: 0, replaced: 1 });
    expect(await idsOf(cli)).toEqual([`-w-app/${UUID}`]);
  });

  test("is not replaced by a file from another path with other bytes", async () => {
    const cli = await newEmptyStore();
    await madeByHand(cli, "s", transcript(2), { view: "agent", "import:source": "x/s.jsonl" });
    await writeFiles(cli.folder, { "y/s.jsonl": transcript(2, undefined, "other") });
    expect(await imported(cli, "y")).toMatchObject({ imported: 1, replaced: 0 });
    expect(await idsOf(cli)).toEqual(["s", "s/s"]);
  });
});

test("of many files that have one identity, the first in order gets its name, however long it takes to read", async () => {
  const cli = await newCli();
  const others = Array.from({ length: 20 }, (_, i) => [`p/m/s${i}.jsonl`, claudeLines(`s${i}`, 3)]);
  await writeFiles(cli.folder, {
    "p/a/first.jsonl": claudeLines("same", 2000, "first"),
    "p/b/second.jsonl": claudeLines("same", 2, "second"),
    "p/z/third.jsonl": claudeLines("same", 1, "third"),
    ...Object.fromEntries(others),
  });
  expect(await imported(cli, "p")).toMatchObject({ imported: 23, failed: [] });
  expect(await bytesOf(cli, "claude-code:same")).toBe(claudeLines("same", 2000, "first"));
  expect(await bytesOf(cli, "claude-code:same/second")).toBe(claudeLines("same", 2, "second"));
  expect(await bytesOf(cli, "claude-code:same/third")).toBe(claudeLines("same", 1, "third"));
});

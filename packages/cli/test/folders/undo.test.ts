/** `undo` where the catalogue was made anew, what `history` counts, and what an interrupted sweep says. */
import { existsSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { HistoryEntry } from "../../src/folders/history.js";
import type { UndoDocument } from "../../src/folders/undo.js";
import { type AgentsCli, makeClaude, makeCodex, newAgents, UUIDS } from "../support/agents.js";
import { Sink } from "../support/cli.js";

const SWEEP = ["sweep", "--source", "codex", "--yes"];
const [A = "", B = ""] = UUIDS;

async function freed(): Promise<AgentsCli & { readonly paths: readonly string[] }> {
  const cli = await newAgents();
  const paths = [await makeCodex(cli, A), await makeCodex(cli, B)];
  await cli.run(...SWEEP);
  await cli.runLater(25, ...SWEEP);
  return { ...cli, paths };
}

async function rebuilt(): Promise<Awaited<ReturnType<typeof freed>>> {
  const cli = await freed();
  await rm(join(cli.folder, "home", "sessions.db"));
  await cli.run("rebuild");
  return cli;
}

const areHere = (paths: readonly string[]): readonly boolean[] => paths.map((path) => existsSync(path));

test("places that are only known from archives: undo says once what to add, and does nothing", async () => {
  const cli = await rebuilt();
  const run = await cli.run("undo");
  expect(run.exitCode).toBe(1);
  expect(run.stderr.trim().split("\n")).toHaveLength(1);
  expect(run.stderr).toMatch(/2 sessions .*--yes/);
  expect(areHere(cli.paths)).toEqual([false, false]);
  expect((await cli.run("undo", "--yes", "--json")).json<UndoDocument>().restored).toHaveLength(2);
  expect(areHere(cli.paths)).toEqual([true, true]);
});

test.each([
  ["yes\n", 0],
  ["no\n", 1],
])("at a terminal it asks once about them, and %j counts for all", async (answer, exitCode) => {
  const cli = await rebuilt();
  const stderr = Object.assign(new Sink(), { isTTY: true });
  const terminal = { stdin: Object.assign(Readable.from([answer]), { isTTY: true }), stderr };
  expect((await cli.runWith(terminal, "undo")).exitCode).toBe(exitCode);
  expect(stderr.bytes.toString().match(/Put their files there\?/g)).toHaveLength(1);
  expect(areHere(cli.paths)).toEqual([exitCode === 0, exitCode === 0]);
});

test("history counts the files of sessions that were put back", async () => {
  const cli = await freed();
  await cli.run("undo");
  const sizes = await Promise.all(cli.paths.map(async (path) => (await stat(path)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect((await cli.run("history", "--json")).json<HistoryEntry[]>()).toMatchObject([{ what: "free", back: 2, bytes }]);
});

test("a note that holds for several sessions comes once", async () => {
  const cli = await newAgents();
  for (const [n, uuid] of UUIDS.entries()) await makeClaude(cli, uuid, { days: 40, slug: `-home-me-${n}` });
  const sweep = ["sweep", "--source", "claude-code", "--yes"];
  await cli.run(...sweep);
  await cli.runLater(25, ...sweep);
  const { stderr } = await cli.runLater(26, "undo");
  expect(stderr.match(/it is the newest there/g)).toHaveLength(1);
  expect(stderr).toMatch(
    /^note: claude-code:\S+ and 3 more sessions: `claude --continue` will pick it up in its folder: /m,
  );
});

test("what runs have done, and what is here, fits a narrow terminal", async () => {
  const cli = await freed();
  const agents = { CLAUDE_CONFIG_DIR: cli.claude, CODEX_HOME: cli.codex };
  const env = { SESSION_ARCHIVER_HOME: "home", ...agents, COLUMNS: "76" };
  const tables = [
    await cli.runWith({ env }, "restore", A),
    await cli.runWith({ env }, "history"),
    await cli.runWith({ env }),
  ];
  for (const { exitCode, text } of tables) {
    expect(exitCode).toBe(0);
    const [head = "", row = ""] = text.split("\n");
    expect([head.length <= 76, row.length <= 76, row.includes("…")]).toEqual([true, true, true]);
  }
  expect((await cli.run("restore", B)).text).toContain(cli.paths[1]);
});

test.each([
  [["sweep", "--source", "codex", "--yes"], true],
  [["sweep", "--source", "codex", "--dry-run"], false],
  [["list"], false],
])("interrupted, %j names history and undo: %j", async (words, isNamed) => {
  const cli = await newAgents();
  await makeCodex(cli, A);
  await cli.run("sweep");
  const run = await cli.runWith({ signal: AbortSignal.abort("SIGINT") }, ...words);
  expect(run.exitCode).toBe(130);
  expect(run.stderr).toContain("Interrupted. ");
  expect(run.stderr.includes("`undo` takes it back")).toBe(isNamed);
});

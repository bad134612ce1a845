/** `restore`, `resume`, `undo` and `history`: what they put back, start and say, and what they refuse. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { type AgentsCli, makeClaude, makeCodex, newAgents, treeOf, UUIDS } from "../support/agents.js";
import { Sink } from "../support/cli.js";

const SWEEP = ["sweep", "--source", "claude-code,codex", "--yes"];
const [A = "", B = ""] = UUIDS;

async function freed(): Promise<AgentsCli> {
  const cli = await newAgents();
  await makeClaude(cli, A);
  await makeCodex(cli, B);
  await cli.run(...SWEEP);
  await cli.runLater(25, ...SWEEP);
  return cli;
}

const places = (cli: AgentsCli): string => join(cli.claude, "projects", "-home-me-work", `${A}.jsonl`);

describe("resume", () => {
  test("--print prints a command for a shell, and puts nothing back", async () => {
    const cli = await freed();
    const run = await cli.run("resume", `claude-code:${A}`, "--print");
    expect(run).toMatchObject({ exitCode: 0, text: `cd ${cli.folder} && claude --resume ${A}\n` });
    expect(run.stderr).toContain(`session-archiver restore claude-code:${A}`);
    expect(existsSync(places(cli))).toBe(false);
    await cli.run("restore", `claude-code:${A}`);
    expect((await cli.run("resume", `claude-code:${A}`, "--print")).stderr).toBe("");
    const codex = await cli.run("resume", `codex:${B}`, "--print", "--json");
    expect(codex.json()).toEqual({ id: `codex:${B}`, cwd: cli.folder, command: "codex", args: ["resume", B] });
  });

  test("the command that it prints means the folder, whatever that is called, and shows it", async () => {
    const cli = await newAgents();
    const cwd = join(cli.folder, "a 'b' $(touch no) \u001b[31m\u202e\n%s\\c");
    await mkdir(cwd);
    await makeClaude(cli, A, { cwd });
    await cli.run("sweep", "--source", "claude-code", "--keep-originals");
    const { text } = await cli.run("resume", A, "--print");
    const { stdout, stderr } = spawnSync("sh", ["-c", text.replace(/&& claude .*/s, "&& pwd")], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: `${cwd}\n`, stderr: "" });
  });

  test("at a terminal it starts the agent in the session's folder, without a shell", async () => {
    const cli = await freed();
    const log = join(cli.folder, "log");
    await writeFile(join(cli.folder, "claude"), `#!/bin/sh\nprintf '%s\\n' "$PWD" "$@" > '${log}'\n`);
    await chmod(join(cli.folder, "claude"), 0o755);
    const env = {
      SESSION_ARCHIVER_HOME: "home",
      CLAUDE_CONFIG_DIR: cli.claude,
      CODEX_HOME: cli.codex,
      PATH: [cli.folder, process.env["PATH"]].join(delimiter),
    };
    const stdin = Object.assign(Readable.from([]), { isTTY: true });
    const terminal = { env, stdin, stderr: Object.assign(new Sink(), { isTTY: true }) };
    expect((await cli.runWith(terminal, "resume", A)).exitCode).toBe(0);
    expect(await readFile(log, "utf8")).toBe(`${cli.folder}\n--resume\n${A}\n`);
  });

  test("where the folder is gone, it refuses, and --print prints the command alone", async () => {
    const cli = await newAgents();
    const cwd = join(cli.folder, "gone");
    await makeClaude(cli, A, { cwd });
    await cli.run("sweep", "--source", "claude-code", "--yes");
    const run = await cli.run("resume", `claude-code:${A}`);
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`"${cwd}" is gone`) });
    expect(run.stderr).not.toContain("session-archiver list");
    const printed = await cli.run("resume", `claude-code:${A}`, "--print");
    expect(printed).toMatchObject({ exitCode: 0, text: `claude --resume ${A}\n` });
    expect((await cli.run("resume", A, "--print", "--json")).json()).toMatchObject({ cwd: null });
  });

  test("a session of no agent is refused", async () => {
    const cli = await freed();
    await writeFile(join(cli.folder, "own.jsonl"), '{"a":1}\n');
    await cli.run("import", "own.jsonl");
    expect(await cli.run("resume", "own")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("No agent") });
  });
});

describe("restore", () => {
  test("writes nothing over another file, and leaves no second one of the session", async () => {
    const cli = await freed();
    await writeFile(places(cli), "something else\n");
    const run = await cli.run("restore", `claude-code:${A}`, "--json");
    expect(run.json()).toMatchObject([{ id: `claude-code:${A}`, code: "CONFLICT" }]);
    expect(await readFile(places(cli), "utf8")).toBe("something else\n");
    await rm(places(cli));
    await makeClaude(cli, A, { slug: "-home-me-other" });
    expect((await cli.run("restore", `claude-code:${A}`)).exitCode).toBe(1);
    expect(existsSync(places(cli))).toBe(false);
  });

  test("a place that is only known from an archive is asked about first", async () => {
    const cli = await freed();
    await rm(join(cli.folder, "home", "sessions.db"));
    await cli.run("rebuild");
    const run = await cli.run("restore", `claude-code:${A}`);
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--yes") });
    expect(existsSync(places(cli))).toBe(false);
    expect((await cli.run("restore", `claude-code:${A}`, "--yes")).exitCode).toBe(0);
    expect(existsSync(places(cli))).toBe(true);
    expect((await cli.run("restore", `codex:${B}`, "--to-store")).exitCode).toBe(0);
    expect((await cli.run("cat", `codex:${B}`)).text).toContain("turn 99");
  });
});

describe("history and undo", () => {
  test("each run is named with what, when, why and bytes, and an undone one says so", async () => {
    const cli = await freed();
    const before = (await cli.run("history", "--json")).json<{ run: string; what: string; back: number }[]>();
    expect(before).toMatchObject([{ what: "free", why: "idle for 7 days", sessions: 2, back: 0 }]);
    expect(before[0]?.run).toMatch(/^[0-9a-f]{16}$/);
    expect((await cli.run("undo", "nonsense")).exitCode).toBe(1);
    expect((await cli.run("undo", before[0]?.run ?? "")).exitCode).toBe(0);
    expect((await cli.run("history")).text).toContain("undone");
    expect(await cli.run("undo")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no run to undo") });
  });

  test("prunes are in it too", async () => {
    const cli = await freed();
    await cli.run("prune", "--max-total-bytes", "0");
    const entries = (await cli.run("history", "--json")).json<{ what: string; why: string; sessions: number }[]>();
    expect(entries.find(({ what }) => what === "prune")).toMatchObject({ sessions: 2, back: null });
  });
});

test("alone, the program says what is here, and makes nothing", async () => {
  const cli = await newAgents();
  await makeClaude(cli, A, { days: 25 });
  const before = await treeOf(cli.folder);
  const run = await cli.run();
  expect(run.exitCode).toBe(0);
  expect(run.text).toMatch(/claude-code +1 /);
  expect(run.text).toContain("itself deletes 1 session");
  const { sources } = (await cli.run("--json")).json<{ sources: readonly object[] }>();
  expect(sources).toMatchObject([{ agent: "claude-code", sessions: 1, wouldFree: { sessions: 1 }, mirrored: 0 }]);
  expect(await treeOf(cli.folder)).toEqual(before);
});

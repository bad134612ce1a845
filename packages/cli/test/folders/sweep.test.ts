/** `sweep --source`: which files are freed, held, kept and left, and what it prints about them. */
import { existsSync } from "node:fs";
import { appendFile, link, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { FolderPlanDocument, FolderSweepDocument } from "../../src/folders/documents.js";
import { type AgentsCli, du, makeClaude, makeCodex, newAgents, put, treeOf, UUIDS } from "../support/agents.js";
import { Sink } from "../support/cli.js";
import { listAll } from "../support/listed.js";

const BOTH = ["sweep", "--source", "claude-code,codex"];
const [A = "", B = "", C = ""] = UUIDS;

async function filled(...always: string[]): Promise<AgentsCli> {
  const cli = await newAgents(...always);
  await makeClaude(cli, A);
  await makeClaude(cli, B, { days: 2 });
  await makeCodex(cli, C);
  return cli;
}

async function states(cli: AgentsCli): Promise<Readonly<Record<string, string>>> {
  const sessions = await listAll(cli);
  return Object.fromEntries(sessions.map(({ id, state }) => [id, state]));
}

describe.each([
  ["a database and files", []],
  ["plain files", ["--store", "fs:home", "--archives", "fs:home/archives"]],
])("with %s", (_, always) => {
  test("idle sessions are archived, verified, and gone after the second run; the disk says the same", async () => {
    const cli = await filled(...always);
    const all = [cli.claude, cli.codex, join(cli.folder, "home")];
    const before = await du(...all);
    const first = (await cli.run(...BOTH, "--yes", "--json")).json<FolderSweepDocument>();
    const between = await du(...all);
    expect(first.freedBytes).toBe(before - between);
    expect(first.sessions.map(({ id }) => id).sort()).toEqual([`claude-code:${A}`, `codex:${C}`]);
    if (first.heldDiskBytes > 0) {
      const due = await cli.runLater(25, ...BOTH, "--dry-run");
      expect(due.text).toMatch(/Held aside +5 files of .*: 5 of them are due now\n/);
      expect(due.text).toMatch(/Frees +.* of 5 files held aside\n/);
      expect((await cli.runLater(25, ...BOTH, "--keep-originals", "--dry-run")).text).toContain(
        "5 stay, by pins, filters",
      );
    }
    const second = (await cli.runLater(25, ...BOTH, "--yes", "--json")).json<FolderSweepDocument>();
    expect(second.freedBytes).toBe(between - (await du(...all)));
    expect(second.heldDiskBytes).toBe(0);
    expect(await states(cli)).toEqual({ [`claude-code:${A}`]: "archived", [`codex:${C}`]: "archived" });
    expect(existsSync(join(cli.claude, "projects", "-home-me-work", `${B}.jsonl`))).toBe(true);
    expect(existsSync(join(cli.claude, "projects", "-home-me-work", A))).toBe(false);
    expect((await cli.run("verify")).exitCode).toBe(0);
  });

  test("undo gives the same tree, and so does the restore of each session", async () => {
    const cli = await filled(...always);
    const before = await treeOf(cli.claude, cli.codex);
    await cli.run(...BOTH, "--yes");
    await cli.runLater(25, ...BOTH, "--yes");
    const undone = await cli.run("undo");
    expect(undone).toMatchObject({ exitCode: 0, text: expect.stringContaining("Put back 2 sessions") });
    expect(await treeOf(cli.claude, cli.codex)).toEqual(before);
    expect(await states(cli)).toEqual({ [`claude-code:${A}`]: "mirrored", [`codex:${C}`]: "mirrored" });
    await cli.runLater(50, ...BOTH, "--yes");
    await cli.runLater(75, ...BOTH, "--yes");
    expect(await treeOf(cli.claude, cli.codex)).not.toEqual(before);
    for (const id of [`claude-code:${A}`, `codex:${C}`, `claude-code:${B}`])
      expect((await cli.run("restore", id)).exitCode).toBeLessThan(2);
    expect(await treeOf(cli.claude, cli.codex)).toEqual(before);
  });
});

describe("asking", () => {
  test("without a terminal and --yes, nothing is changed, and the exit code says so", async () => {
    const cli = await filled();
    const before = await treeOf(cli.claude, cli.codex);
    const run = await cli.run(...BOTH);
    expect(run).toMatchObject({ exitCode: 4, text: expect.stringContaining("PROJECT") });
    expect(run.stderr).toContain("--yes");
    expect(await treeOf(cli.claude, cli.codex)).toEqual(before);
    expect(await states(cli)).toEqual({});
  });

  test.each([
    ["yes\n", 0],
    ["no\n", 4],
  ])("a person at a terminal is asked before the first run alone, and says %j", async (answer, exitCode) => {
    const cli = await filled();
    const terminal = (): object => ({
      stdin: Object.assign(Readable.from([answer]), { isTTY: true }),
      stderr: Object.assign(new Sink(), { isTTY: true }),
    });
    expect((await cli.runWith(terminal(), ...BOTH)).exitCode).toBe(exitCode);
    await makeClaude(cli, UUIDS[3] ?? "");
    const silent = (): object => ({ ...terminal(), stdin: Object.assign(Readable.from([]), { isTTY: true }) });
    expect((await cli.runWith(silent(), ...BOTH)).exitCode).toBe(exitCode);
    // Another folder, and what was to stay, are asked about again.
    await put(join(cli.folder, "other", "old.jsonl"), '{"a":1}\n', 0o600, 20);
    expect((await cli.runWith(silent(), "sweep", "--source", "other")).exitCode).toBe(4);
    await cli.run("sweep", "--source", "other", "--keep-originals");
    const [other = ""] = Object.keys(await states(cli)).filter((id) => !/^(claude-code|codex):/.test(id));
    expect((await cli.runWith(silent(), "free", other)).exitCode).toBe(4);
    expect(existsSync(join(cli.folder, "other", "old.jsonl"))).toBe(true);
  });

  test("a dry run shows the plan by project, and makes nothing, not even a home", async () => {
    const cli = await filled();
    const before = await treeOf(cli.folder);
    const run = await cli.run(...BOTH, "--dry-run");
    expect(run).toMatchObject({ exitCode: 0, text: expect.stringMatching(/Frees .* of 2 sessions/) });
    expect(run.text).toContain("Files stay of  1 session: active lately\n");
    const plan = (await cli.run(...BOTH, "--dry-run", "--json")).json<FolderPlanDocument>();
    expect(plan.steps.map(({ action }) => action).sort()).toEqual(["archive-and-free", "archive-and-free", "leave"]);
    expect(await treeOf(cli.folder)).toEqual(before);
  });
});

describe("originals that are kept", () => {
  test("are mirrored, stay through every sweep, and go by free alone", async () => {
    const cli = await filled();
    const before = await treeOf(cli.claude, cli.codex);
    expect((await cli.run(...BOTH, "--keep-originals")).exitCode).toBe(0);
    expect(await states(cli)).toEqual({ [`claude-code:${A}`]: "mirrored", [`codex:${C}`]: "mirrored" });
    await cli.runLater(25, ...BOTH, "--yes");
    await cli.run("sweep");
    await cli.run("gc", "--grace", "0");
    expect(await treeOf(cli.claude, cli.codex)).toEqual(before);
    expect((await cli.run("free", `codex:${C}`)).exitCode).toBe(4);
    await cli.run("free", `codex:${C}`, "--yes");
    await cli.runLater(25, "free", `codex:${C}`, "--yes");
    expect(await states(cli)).toEqual({ [`claude-code:${A}`]: "mirrored", [`codex:${C}`]: "archived" });
    expect(await treeOf(cli.claude)).toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => path.startsWith(cli.claude))),
    );
  });

  test("a session that another folder of agents never had has nothing to free", async () => {
    const cli = await filled();
    await cli.run("import", join(cli.codex, "sessions"));
    expect(await cli.run("free", `codex:${C}`, "--yes")).toMatchObject({ exitCode: 2 });
  });
});

describe("what stays", () => {
  test("policies agree: filters, the last of a project, pins", async () => {
    const cli = await filled();
    const acts = async (...words: string[]): Promise<readonly string[]> => {
      const { steps } = (await cli.run(...BOTH, "--dry-run", "--json", ...words)).json<FolderPlanDocument>();
      return steps.flatMap(({ id, action }) => (action === "leave" ? [] : [id])).sort();
    };
    expect(await acts("--only", "agent=codex")).toEqual([`codex:${C}`]);
    expect(await acts("--exclude", "agent=codex")).toEqual([`claude-code:${A}`]);
    expect(await acts("--only", "larger=50kB,agent=claude-code")).toEqual([`claude-code:${A}`]);
    expect(await acts("--only", "older=11")).toEqual([]);
    expect(await acts("--keep-last", "1")).toEqual([`claude-code:${A}`]);
    expect(await acts("--inactive-days", "1")).toEqual([`claude-code:${A}`, `claude-code:${B}`, `codex:${C}`]);
    await cli.run("import", join(cli.codex, "sessions"));
    await cli.run("pin", `codex:${C}`);
    expect(await acts()).toEqual([`claude-code:${A}`]);
  });

  test("links and files with several names are neither followed nor freed, but named", async () => {
    const cli = await filled();
    const other = join(cli.folder, "elsewhere.jsonl");
    await link(join(cli.codex, "sessions", "2026", "10", "01", `rollout-2026-10-01T10-00-00-${C}.jsonl`), other);
    await symlink(other, join(cli.claude, "projects", "-home-me-work", "link.jsonl"));
    const plan = (await cli.run(...BOTH, "--dry-run", "--json")).json<FolderPlanDocument>();
    expect(plan.steps.find(({ id }) => id === `codex:${C}`)?.action ?? "leave").toBe("leave");
    const reasons = plan.places.flatMap(({ leftOut }) => leftOut.map(({ reason }) => reason));
    expect(reasons).toEqual(expect.arrayContaining(["link", "several names"]));
  });

  test("a session that goes on after it was archived is not freed, and not doubled", async () => {
    const cli = await filled();
    await cli.run(...BOTH, "--keep-originals");
    const path = join(cli.claude, "projects", "-home-me-work", `${A}.jsonl`);
    await appendFile(path, '{"type":"user","more":true}\n');
    const run = (await cli.run("free", `claude-code:${A}`, "--yes", "--json")).json<FolderSweepDocument>();
    expect(run.sessions).toEqual([]);
    expect(existsSync(path)).toBe(true);
    await cli.runLater(24 * 9, ...BOTH, "--keep-originals");
    const cat = await cli.run("cat", `claude-code:${A}`, "--tail", "1");
    expect(cat.text).toBe('{"type":"user","more":true}\n');
    expect(Object.keys(await states(cli)).filter((id) => id.includes(A))).toEqual([`claude-code:${A}`]);
  });
});

describe("sessions that were imported before", () => {
  test("are adopted with their subagents, not doubled", async () => {
    const cli = await filled();
    await cli.run("import", join(cli.claude, "projects"), join(cli.codex, "sessions"));
    expect(Object.keys(await states(cli)).length).toBe(5);
    await cli.run(...BOTH, "--yes");
    await cli.runLater(25, ...BOTH, "--yes");
    const now = await states(cli);
    expect(Object.keys(now).filter((id) => id.includes(A))).toEqual([`claude-code:${A}`]);
    expect(now[`claude-code:${A}`]).toBe("archived");
    expect((await cli.run("undo")).exitCode).toBe(0);
  });
});

test.each([
  [["sweep", "--source", "nonsense"], "neither a folder nor an agent"],
  [["sweep", "--source", ","], "names no folder"],
  [["sweep", "--keep-originals"], "with --source"],
  [["sweep", "--source", "codex", "--max-total-bytes", "1GB"], "without --source"],
  [["sweep", "--source", "codex", "--only", "colour=red"], "Write a filter"],
  [["sweep", "--source", "codex", "--only", "__proto__=x"], "Write a filter"],
])("%j is wrong usage", async (words, message) => {
  const run = await (await newAgents()).run(...words);
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
});

test("a session that is forgotten leaves nothing aside, and its agent's files are named", async () => {
  const cli = await filled();
  await cli.run(...BOTH, "--yes");
  const kept = await makeClaude(cli, UUIDS[3] ?? "");
  await cli.run(...BOTH, "--keep-originals");
  const isHeld = Object.keys(await treeOf(cli.claude)).some((path) => path.includes("-held/"));
  const ids = [`claude-code:${A}`, `codex:${C}`, `claude-code:${UUIDS[3]}`];
  expect((await cli.run("forget", "--dry-run", ...ids)).text.includes("holds aside")).toBe(isHeld);
  const run = await cli.run("forget", "--yes", ...ids);
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toContain(kept);
  expect(run.stderr.includes("held aside: 5 files")).toBe(isHeld);
  const left = Object.keys(await treeOf(cli.claude, cli.codex)).filter(
    (path) => path.includes(A) || path.includes("-held"),
  );
  expect(left).toEqual([]);
  expect((await cli.run(...BOTH, "--yes", "--json")).json<FolderSweepDocument>().sessions).toEqual([]);
});

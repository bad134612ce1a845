/** Filters of `sweep --source`: what agents may be called, and filters that fit nothing. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FolderPlanDocument } from "../../src/folders/documents.js";
import { type AgentsCli, makeClaude, makeCodex, newAgents, UUIDS } from "../support/agents.js";

const DRY = ["sweep", "--source", "claude-code,codex", "--dry-run"];
const [A = "", B = ""] = UUIDS;

async function filled(): Promise<AgentsCli> {
  const cli = await newAgents();
  await makeClaude(cli, A);
  await makeCodex(cli, B);
  return cli;
}

describe("an agent", () => {
  test.each(["codex", "Codex", "CODEX"])("is meant by %j", async (name) => {
    const cli = await filled();
    const run = await cli.run(...DRY, "--json", "--only", `agent=${name}`);
    const { steps } = run.json<FolderPlanDocument>();
    expect(steps.flatMap(({ id, action }) => (action === "leave" ? [] : [id]))).toEqual([`codex:${B}`]);
  });

  test("is meant by the name that people know it by", async () => {
    const run = await (await filled()).run(...DRY, "--json", "--exclude", "agent=claude CODE,older=1");
    const { steps } = run.json<FolderPlanDocument>();
    expect(steps.flatMap(({ id, action }) => (action === "leave" ? [] : [id]))).toEqual([`codex:${B}`]);
  });

  test.each(["--only", "--exclude"])("that nothing is called is wrong usage of %s, and makes no home", async (flag) => {
    const cli = await filled();
    const run = await cli.run("sweep", "--source", "codex", "--yes", flag, "agent=clod");
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${flag}: no agent`) });
    expect(run.stderr).toContain("claude-code, codex");
    expect(existsSync(join(cli.folder, "home"))).toBe(false);
  });
});

describe("a source", () => {
  const idsOf = (run: { json<T>(): T }): readonly string[] => run.json<FolderPlanDocument>().steps.map(({ id }) => id);

  test.each(["claude", "Claude Code", "CLAUDE-CODE"])("is meant by %j, as by --agent", async (name) => {
    const cli = await filled();
    expect(idsOf(await cli.run("sweep", "--source", name, "--dry-run", "--json"))).toEqual([`claude-code:${A}`]);
    const twice = await cli.run("sweep", "--source", `${name},claude-code`, "--dry-run", "--json");
    expect(idsOf(twice)).toEqual([`claude-code:${A}`]);
    expect(idsOf(await cli.run(...DRY, "--json", "--only", `agent=${name}`))).toContain(`claude-code:${A}`);
  });

  test("counts as unknown if several begin so, and a folder goes before a beginning", async () => {
    const cli = await filled();
    const several = await cli.run("sweep", "--source", "c", "--dry-run");
    expect(several).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("several agents' names: claude-code, codex"),
    });
    await mkdir(join(cli.folder, "claude"));
    expect(idsOf(await cli.run("sweep", "--source", "claude", "--dry-run", "--json"))).toEqual([]);
    const none = await cli.run("sweep", "--source", "nobody", "--dry-run");
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("neither a folder nor an agent") });
  });
});

describe("a filter that no session fits", () => {
  test.each([
    ["--exclude", "project=/nowhere/**"],
    ["--exclude", "agent=codex,older=11"],
    ["--only", "larger=1000000000"],
    ["--only", "younger=9"],
    ["--only", "project=w*k"],
    ["--only", "project=/*"],
  ])("is named: %s %s", async (flag, filter) => {
    const run = await (await filled()).run(...DRY, flag, filter);
    expect(run.text).toContain(`No session matches ${flag} ${filter}\n`);
  });

  test("is the only one that is named", async () => {
    const cli = await filled();
    const fit = [
      "agent=codex",
      "project=**",
      "project=/**",
      "project=-home-??-w*k",
      `project=${cli.folder}`,
      "older=9",
      "smaller=1MB",
    ];
    const words = fit.flatMap((filter) => ["--exclude", filter]);
    expect((await cli.run(...DRY, ...words)).text).not.toContain("No session matches");
  });
});

/** What doctor says of files that a sweep holds aside, and what it does about those that no session knows. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DoctorDocument } from "../../src/commands/doctor.js";
import { type AgentsCli, makeClaude, makeCodex, newAgents, put, treeOf, UUIDS } from "../support/agents.js";

const SWEEP = ["sweep", "--source", "claude-code,codex", "--yes"];
const [A = "", B = ""] = UUIDS;

/** Everything stays aside, whatever this machine can prove: another process has all of it open. */
async function held(): Promise<AgentsCli> {
  const cli = await newAgents();
  await makeClaude(cli, A);
  await cli.run(...SWEEP);
  return cli;
}

async function findings(cli: AgentsCli, ...words: string[]): Promise<DoctorDocument["findings"]> {
  return (await cli.run("doctor", "--json", ...words)).json<DoctorDocument>().findings;
}

test("files that are held aside make a note, with the time until then", async () => {
  const cli = await held();
  const isHeld = existsSync(join(cli.claude, "projects", ".session-archiver-held"));
  const found = (await findings(cli)).filter(({ kind }) => kind === "held-aside");
  expect(found).toHaveLength(isHeld ? 1 : 0);
  if (isHeld) expect(found).toMatchObject([{ severity: "note", sessions: [`claude-code:${A}`] }]);
});

test("with the catalogue and the archives gone, all of it is found by name, and put back", async () => {
  const cli = await newAgents();
  const transcript = await makeClaude(cli, A);
  const text = await readFile(transcript, "utf8");
  const before = await treeOf(join(cli.claude, "projects", "-home-me-work"));
  const place = join(cli.claude, "projects", ".session-archiver-held", "-home-me-work", `${B}.jsonl.held`);
  await put(join(place, "original.20261128t230337123z.0123456789abcdef"), text, 0o600, 2);
  await cli.run("sweep");
  const [found] = (await findings(cli)).filter(({ kind }) => kind === "held-unknown");
  expect(found).toMatchObject({ severity: "warning", message: expect.stringContaining(`${B}.jsonl`) });
  expect((await cli.run("doctor", "--repair")).exitCode).toBe(3);
  expect(await readFile(join(cli.claude, "projects", "-home-me-work", `${B}.jsonl`), "utf8")).toBe(text);
  expect(existsSync(join(cli.claude, "projects", ".session-archiver-held"))).toBe(false);
  expect(await treeOf(join(cli.claude, "projects", "-home-me-work"))).toMatchObject(before);
  await rm(join(cli.folder, "home"), { recursive: true });
});

test("a thread that an older release has gone on with is named, and a copy of it is mended", async () => {
  const cli = await newAgents();
  const path = await makeCodex(cli, B, { days: 3 });
  const lines = (await readFile(path, "utf8")).split("\n");
  const numbered = lines.map((line, n) =>
    n < 50 && line !== "" ? line.replace('"type"', `"ordinal":${n},"type"`) : line,
  );
  await put(path, numbered.join("\n"), 0o644, 3);
  await cli.run("sweep");
  const found = (await findings(cli)).filter(({ kind }) => kind === "mixed-ordinals");
  expect(found).toMatchObject([{ severity: "note", sessions: [`codex:${B}`] }]);
  const { copy, files, records } = (await cli.run("mend", `codex:${B}`, "--json")).json<{
    copy: string;
    files: readonly string[];
    records: number;
  }>();
  expect(records).toBe(51);
  expect(copy).not.toBe(`codex:${B}`);
  const mended = (await readFile(files[0] ?? "", "utf8")).trimEnd().split("\n");
  expect(mended.map((line) => JSON.parse(line).ordinal)).toEqual(mended.map((_, n) => n));
  expect(await readFile(path, "utf8")).toBe(numbered.join("\n"));
});

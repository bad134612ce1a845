/** `free`: how its sessions are named. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { FolderSweepDocument } from "../../src/folders/documents.js";
import { type AgentsCli, makeCodex, newAgents, UUIDS } from "../support/agents.js";

const [A = "", B = ""] = UUIDS;

async function mirrored(): Promise<AgentsCli> {
  const cli = await newAgents();
  await makeCodex(cli, A);
  await makeCodex(cli, B);
  await cli.run("sweep", "--source", "codex", "--keep-originals");
  return cli;
}

test.each([
  [["-"], `${A}\ncodex:${B}\n`],
  [["-", "-0"], `${A}\0codex:${B}\0`],
])("free %j takes ids from stdin", async (words, text) => {
  const cli = await mirrored();
  const run = await cli.runWith({ stdin: Readable.from([text]) }, "free", ...words, "--yes", "--json");
  const { sessions } = run.json<FolderSweepDocument>();
  expect(sessions.map(({ id }) => id).sort()).toEqual([`codex:${A}`, `codex:${B}`]);
});

test("one id that is wrong, and nothing is freed", async () => {
  const cli = await mirrored();
  expect(await cli.run("free", A, "nonsense", "--yes")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('no session "nonsense"'),
  });
  expect((await cli.run("history", "--json")).json()).toEqual([]);
});

test("a plan names no filter that nobody typed, also where the files are gone already", async () => {
  const cli = await mirrored();
  await cli.run("free", A, "--yes");
  const run = await cli.run("free", A, "--dry-run");
  expect(run.text + run.stderr).not.toContain("matches");
});

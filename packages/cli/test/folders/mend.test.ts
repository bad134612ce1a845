/** `mend`: how its thread is named, and what it says of the original. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { DoctorDocument } from "../../src/commands/doctor.js";
import type { MendDocument } from "../../src/folders/mend.js";
import { type AgentsCli, makeClaude, makeCodex, newAgents, put, UUIDS } from "../support/agents.js";

const [A = "", B = ""] = UUIDS;

/** Threads that an older release has gone on with. */
async function mixed(...ids: readonly string[]): Promise<AgentsCli & { readonly paths: readonly string[] }> {
  const cli = await newAgents();
  const paths: string[] = [];
  for (const id of ids) {
    const path = await makeCodex(cli, id);
    const lines = (await readFile(path, "utf8")).split("\n");
    const numbered = lines.map((line, n) => (n < 50 ? line.replace('"type"', `"ordinal":${n},"type"`) : line));
    await put(path, numbered.join("\n"), 0o644, 10);
    paths.push(path);
  }
  return { ...cli, paths };
}

test.each([A.slice(0, 6), `codex:${A.slice(0, 3)}`, `codex:${A}`])(
  "a thread that is not archived may be abbreviated: %s",
  async (word) => {
    const run = await (await mixed(A, B)).run("mend", word, "--json");
    expect(run.json<MendDocument>()).toMatchObject({ id: `codex:${A}`, records: 51, restoredFiles: 0 });
  },
);

test("a beginning that two threads have is wrong usage, and an unknown one is not found", async () => {
  const other = `${A.slice(0, -1)}0`;
  const cli = await mixed(A, other);
  const run = await cli.run("mend", A.slice(0, 8));
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`codex:${other}`) });
  expect(await cli.run("mend", "ffff")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("doctor names") });
});

test("one that is archived may be abbreviated too, and is put back, which is said", async () => {
  const cli = await mixed(A);
  await cli.run("sweep", "--source", "codex", "--yes");
  await cli.runLater(25, "sweep", "--source", "codex", "--yes");
  expect(existsSync(cli.paths[0] ?? "")).toBe(false);
  const run = await cli.run("mend", A.slice(0, 8));
  expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining("Put the original back: 1 file.\n") });
  expect(existsSync(cli.paths[0] ?? "")).toBe(true);
  expect((await cli.run("mend", A.slice(0, 8))).text).not.toContain("Put the original back");
});

test("a session of another agent is refused, and stays as it is", async () => {
  const cli = await newAgents();
  const path = await makeClaude(cli, B);
  await cli.run("sweep", "--source", "claude-code", "--yes");
  const run = await cli.run("mend", B);
  expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Codex has no thread") });
  expect(existsSync(path)).toBe(false);
});

test("doctor names such threads without a store, too", async () => {
  const cli = await mixed(A);
  const of = async (...words: string[]): Promise<DoctorDocument["findings"]> =>
    (await cli.run("doctor", "--json", ...words))
      .json<DoctorDocument>()
      .findings.filter(({ kind }) => kind === "mixed-ordinals");
  expect(await of()).toMatchObject([{ severity: "note", sessions: [`codex:${A}`] }]);
  expect(await of("--quick")).toEqual([]);
});

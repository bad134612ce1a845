/** A session and its subagents' sessions stay together: a pin holds all of them. */
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { claudeLines, imported, listed } from "./support/imports.js";
import { transcript, writeFiles } from "./support/sessions.js";

const SUB = claudeLines("s1", 2, "sub", { isSidechain: true, agentId: "a1" });
const FILES = {
  "projects/-x/s1.jsonl": claudeLines("s1", 2),
  "projects/-x/s1/subagents/agent-a1.jsonl": SUB,
  "projects/-x/s1/subagents/agent-a1.meta.json": "{}",
  "projects/-x/s11.jsonl": claudeLines("s11", 2),
};

async function pinned(cli: Cli): Promise<readonly string[]> {
  return (await listed(cli))
    .filter((session) => session.pinned)
    .map(({ id }) => id)
    .sort();
}

describe("a pin", () => {
  test("pins the subagents' sessions with the one that called them, and says so", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, FILES);
    expect(await imported(cli, "projects")).toMatchObject({ imported: 3, leftOut: [{ reason: "not a transcript" }] });
    const run = await cli.run("pin", "--", "-x/s1");
    expect(run).toMatchObject({ exitCode: 0, text: "pinned claude-code:s1\npinned claude-code:s1/agent-a1\n" });
    expect(run.stderr).toContain("subagents");
    await cli.run("sweep", "--inactive-days", "0");
    await cli.run("prune", "--max-total-bytes", "0", "--grace", "0");
    const states = (await listed(cli)).map(({ id, state }) => `${id} ${state}`).sort();
    expect(states).toEqual(["claude-code:s1 live", "claude-code:s1/agent-a1 live", "claude-code:s11 pruned"]);
    expect((await cli.run("unpin", "claude-code:s1", "claude-code:s1/agent-a1", "--json")).json()).toEqual([
      { id: "claude-code:s1", pinned: false },
      { id: "claude-code:s1/agent-a1", pinned: false },
    ]);
    expect(await pinned(cli)).toEqual([]);
  });

  test("holds for subagents that come later, too", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "projects/-x/s1.jsonl": claudeLines("s1", 2) });
    await imported(cli, "projects");
    const alone = await cli.run("pin", "claude-code:s1");
    expect(alone).toMatchObject({ text: "pinned claude-code:s1\n", stderr: "" });
    await writeFiles(cli.folder, FILES);
    expect(await imported(cli, "projects")).toMatchObject({ imported: 2 });
    expect(await pinned(cli)).toEqual(["claude-code:s1", "claude-code:s1/agent-a1"]);
  });

  test("also if their ids are paths, but holds no other sessions", async () => {
    const cli = await newCli();
    await writeFiles(cli.folder, {
      "p/-x/s.jsonl": transcript(1),
      "p/-x/s/subagents/agent-a.jsonl": transcript(1),
      "p/-x/s/other.jsonl": transcript(1),
      "p/-x/s2/agent-b.jsonl": transcript(1),
    });
    await imported(cli, "p");
    await cli.run("pin", "-x/s");
    expect(await pinned(cli)).toEqual(["-x/s", "-x/s/subagents/agent-a"]);
  });
});

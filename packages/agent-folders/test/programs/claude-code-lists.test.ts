/** The list of sessions that the real Claude Code shows at a terminal: those of `claude -p` are not in it. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { newClaudeHome } from "./claude-home.js";
import { ageAll, newToken } from "./files.js";
import { installPrograms } from "./install.js";
import { newSweeper } from "./sweeper.js";
import { hasTerminals, openTerminal } from "./terminal.js";

const programs = await installPrograms();
const claude = typeof programs === "string" ? "" : programs.claude;
if (typeof programs === "string") console.warn(`Nothing of Claude Code is listed: ${programs}`);

if (!hasTerminals) console.warn("Nothing of Claude Code is listed: there is no /usr/bin/script");

describe.skipIf(claude === "" || !hasTerminals)("the real Claude Code at a terminal", { timeout: 300_000 }, () => {
  test("lists a session, does not while it is swept, and does again when it is put back", async () => {
    const home = await newClaudeHome(claude);
    await answerFirstQuestions(home.folder, home.work);
    const sweeper = await newSweeper(claudeCodeSource(), home.config);
    const token = newToken();
    const session = openTerminal(home, [claude, token]);
    await session.shows("● ok");
    await session.close();
    await ageAll(home.projects, 20);
    const [path = ""] = await home.transcripts();

    const listed = async (words: string): Promise<void> => {
      const list = openTerminal(home, [claude, "--resume"]);
      await list.shows(words);
      await list.close();
    };
    await listed(token);
    const taken = await sweeper.outcomes();
    expect(Object.values(taken)).toEqual([expect.stringMatching(/^(?:freed|held)/)]);
    await listed("No sessions in this project yet");
    await restoreUnit(sweeper.host, `claude-code:${basename(path, ".jsonl")}`);
    await listed(token);
    await home.ask("again", { args: ["--resume", basename(path, ".jsonl")] });
    expect(home.model.requests.at(-1)?.body).toContain(token);
  });
});

/** What the program asks a person before the first session: the theme, whether the folder is trusted, and the key. */
async function answerFirstQuestions(folder: string, work: string): Promise<void> {
  const file = join(folder, ".claude.json");
  const known = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
  const answers = {
    ...{ hasCompletedOnboarding: true, theme: "dark", customApiKeyResponses: { approved: ["none"], rejected: [] } },
    projects: { [work]: { hasTrustDialogAccepted: true } },
  };
  await writeFile(file, JSON.stringify({ ...known, ...answers }), { mode: 0o600 });
}

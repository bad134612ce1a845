/** Sessions of the real Claude Code: swept, put back, and resumed by it. */
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HELD_FOLDER } from "../../src/claim/place.js";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { undoRun } from "../../src/undo.js";
import { treeOf } from "../support/tree.js";
import { type ClaudeHome, newClaudeHome } from "./claude-home.js";
import { ageAll, exists, newToken } from "./files.js";
import { installPrograms } from "./install.js";
import { newSweeper } from "./sweeper.js";

const programs = await installPrograms();
const claude = typeof programs === "string" ? "" : programs.claude;
if (typeof programs === "string") console.warn(`Nothing of Claude Code is swept: ${programs}`);

/** Where the machine shows it, files are freed at once; else they are held aside for a day. */
const TAKEN = /^(?:freed|held)/;
const idOf = (uuid: string): string => `claude-code:${uuid}`;
const asked = ({ model }: ClaudeHome): string => model.requests.at(-1)?.body ?? "";

describe.skipIf(claude === "")("the real Claude Code", { timeout: 300_000 }, () => {
  test("resumes what was swept and put back, and its clean-up leaves it alone", async () => {
    const home = await newClaudeHome(claude);
    const sweeper = await newSweeper(claudeCodeSource(), home.config);
    const [token, forked, other] = [newToken(), newToken(), newToken()];
    const id = await home.ask(`${token} SUBAGENT RUN echo hi`);
    await home.ask("RUN seq 1 60000", { args: ["--resume", id] });
    const fork = await home.ask(forked, { args: ["--resume", id, "--fork-session"] });
    const elsewhere = await home.ask(`${other} LONG 512`, { cwd: home.folder });
    await ageAll(home.projects, 40);
    const before = await treeOf(home.projects);

    const outcomes = await sweeper.outcomes();
    expect(Object.keys(outcomes).sort()).toEqual([id, fork, elsewhere].sort());
    for (const outcome of Object.values(outcomes)) expect(outcome).toMatch(TAKEN);
    expect(await home.transcripts()).toEqual([]);
    // Files that are held aside are 40 days old.
    const newest = await home.ask("a new session");
    await home.cleanUp();
    const gone = await home.start("again", { args: ["--resume", id] }).ended;
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining("No conversation found")]);
    sweeper.wait(25);
    await sweeper.sweep();
    expect(await exists(join(home.projects, HELD_FOLDER))).toBe(false);

    const restored = await restoreUnit(sweeper.host, idOf(id));
    expect(restored.files.map(({ path }) => path.split("/").at(2) ?? "transcript")).toEqual(
      expect.arrayContaining(["transcript", "subagents", "tool-results"]),
    );
    const now = await treeOf(home.projects);
    for (const { path } of restored.files) expect([path, now[path] === before[path]]).toEqual([path, true]);
    await home.cleanUp();
    for (const { location } of restored.files) expect([location, await exists(location)]).toEqual([location, true]);
    await home.ask("again", { args: ["--resume", id] });
    expect(asked(home)).toContain(token);

    const undone = await undoRun(sweeper.host);
    expect(undone.restored.map(({ nativeId }) => nativeId).sort()).toEqual([fork, elsewhere].sort());
    await home.cleanUp();
    const whole = await treeOf(home.projects);
    for (const [path, entry] of Object.entries(before)) {
      if (path.endsWith(`${id}.jsonl`)) expect(whole[path]?.startsWith(entry.trimEnd())).toBe(true);
      else expect([path, whole[path] === entry]).toEqual([path, true]);
    }
    await home.ask("the newest", { args: ["--continue"] });
    await home.ask("and the fork", { args: ["--resume", fork] });
    expect([asked(home).includes(token), asked(home).includes(forked)]).toEqual([true, true]);
    await home.ask("and the other", { args: ["--resume", elsewhere], cwd: home.folder });
    expect(asked(home)).toContain(other);
    expect(whole[`${projectOf(home)}/${newest}.jsonl`]).toBeDefined();
  });

  test("names the session that it runs, which stays", async () => {
    const home = await newClaudeHome(claude);
    const sweeper = await newSweeper(claudeCodeSource(), home.config);
    const idle = await home.ask("an idle session");
    const { id, token, run, release } = await slowTurn(home);
    const outcomes = await sweeper.outcomes();
    expect([outcomes[idle], outcomes[id]]).toEqual([
      expect.stringMatching(TAKEN),
      expect.stringMatching(`^left: .*${run.pid}`),
    ]);
    release();
    expect((await run.ended).exitCode).toBe(0);
    await home.ask("again", { args: ["--resume", id] });
    for (const words of [token, "a slow turn"]) expect(asked(home)).toContain(words);
  });

  test("loses nothing of a session that it resumes while it is taken away", async () => {
    const home = await newClaudeHome(claude);
    const sweeper = await newSweeper(claudeCodeSource(), home.config);
    const [token, late] = [newToken(), newToken()];
    const id = await home.ask(`${token} RUN seq 1 60000`);
    await ageAll(home.projects, 20);
    const held = home.model.hold();
    const runs: ReturnType<ClaudeHome["start"]>[] = [];
    sweeper.beforeTaking(async () => {
      runs.push(home.start(late, { args: ["--resume", id] }));
      await held.asked;
    });
    expect((await sweeper.outcomes())[id]).toMatch("was written to while it was taken");
    held.release();
    expect((await runs[0]?.ended)?.exitCode).toBe(0);
    await home.ask("again", { args: ["--resume", id] });
    for (const words of [token, late]) expect(asked(home)).toContain(words);
  });

  test("loses nothing of what it writes when its session was taken away", async () => {
    const home = await newClaudeHome(claude);
    const sweeper = await newSweeper(claudeCodeSource(), home.config);
    const { id, token, run, release } = await slowTurn(home);
    // Nothing shows that it is live, as when it runs on another machine. It stands still until its session is taken.
    process.kill(run.pid, "SIGSTOP");
    await ageAll(home.projects, 20);
    await unlink(join(home.config, "sessions", `${run.pid}.json`));
    expect((await sweeper.outcomes())[id]).toMatch(TAKEN);
    expect(await home.transcripts()).toEqual([]);
    release();
    process.kill(run.pid, "SIGCONT");
    expect((await run.ended).exitCode).toBe(0);
    const [path = ""] = await home.transcripts();
    expect((await sweeper.outcomes())[id]).toMatch(/^joined/);
    expect(await home.transcripts()).toEqual([path]);
    await home.ask("again", { args: ["--resume", id] });
    for (const words of [token, "a slow turn"]) expect(asked(home)).toContain(words);
  });
});

/** The second turn of a session waits for the model, and its files look 20 days old. */
async function slowTurn(home: ClaudeHome) {
  const token = newToken();
  const id = await home.ask(token);
  const { asked: waits, release } = home.model.hold();
  const run = home.start("a slow turn", { args: ["--resume", id] });
  await waits;
  await ageAll(home.projects, 20);
  return { id, token, run, release };
}

function projectOf({ work }: ClaudeHome): string {
  return work.replace(/[^A-Za-z0-9]/g, "-");
}

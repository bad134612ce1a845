/** Threads of the real Codex: swept, put back, and resumed by it. */
import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HELD_FOLDER } from "../../src/claim/place.js";
import { createCodexSource } from "../../src/codex/source.js";
import { linuxSystem } from "../../src/codex/system.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { undoRun } from "../../src/undo.js";
import { treeOf } from "../support/tree.js";
import { type CodexHome, newCodexHome } from "./codex-home.js";
import { ageAll, exists, newToken } from "./files.js";
import { installPrograms } from "./install.js";
import { newSweeper } from "./sweeper.js";

const programs = await installPrograms();
const codex = typeof programs === "string" ? "" : programs.codex;
if (typeof programs === "string") console.warn(`Nothing of Codex is swept: ${programs}`);

/** Where the machine shows it, files are freed at once; else they are held aside for a day. */
const TAKEN = /^(?:freed|held)/;
/** Without the rule for processes that have just started: tests start them one after the other, and others do at the same time. */
const SOURCE = createCodexSource({ ...linuxSystem(), startedWithin: async () => [] });
const idOf = (thread: string): string => `codex:${thread}`;
const asked = ({ model }: CodexHome): string => model.requests.at(-1)?.body ?? "";

describe.skipIf(codex === "")("the real Codex", { timeout: 300_000 }, () => {
  test.each(["with", "without"])("lists and resumes what was swept and put back, %s its databases", async (which) => {
    const home = await newCodexHome(codex);
    const sweeper = await newSweeper(SOURCE, home.config);
    const [token, takenBack, forked, other] = [newToken(), newToken(), newToken(), newToken()];
    const id = await home.ask(`${token} SUBAGENT RUN echo hi`);
    await home.resume(id, "RUN seq 1 60000");
    await home.resume(id, takenBack);
    await home.revert(id, 2);
    const fork = await home.fork(id, forked);
    const alone = await home.ask(`${other} LONG 512`);
    await ageAll(home.sessions, 20);
    const [before, listed] = [await treeOf(home.sessions), await home.listed()];

    const outcomes = await sweeper.outcomes();
    expect(Object.keys(outcomes).sort()).toEqual([...new Set(listed)].sort());
    for (const outcome of Object.values(outcomes)) expect(outcome).toMatch(TAKEN);
    expect(await home.rollouts()).toEqual([]);
    if (which === "without") await home.removeDatabases();
    expect(await home.listed()).toEqual([]);
    await expect(home.resume(fork, "again")).rejects.toThrow("no rollout found");
    sweeper.wait(25);
    await sweeper.sweep();
    expect(await exists(join(home.sessions, HELD_FOLDER))).toBe(false);

    // What a fork needs comes back with it.
    expect(await restoreUnit(sweeper.host, idOf(fork))).toMatchObject({ ancestors: [idOf(id)] });
    const now = await treeOf(home.sessions);
    for (const [path, entry] of Object.entries(now)) expect([path, before[path] === entry]).toEqual([path, true]);
    if (which === "without") await home.removeDatabases();
    expect(new Set(await home.listed())).toEqual(new Set([id, fork]));
    await home.resume(fork, "again");
    expect([token, forked, takenBack].map((word) => asked(home).includes(word))).toEqual([true, true, false]);
    await home.resume(id, "again");
    expect([token, forked, takenBack].map((word) => asked(home).includes(word))).toEqual([true, false, false]);

    await undoRun(sweeper.host);
    const whole = await treeOf(home.sessions);
    expect(Object.keys(whole)).toEqual(Object.keys(before));
    for (const [path, entry] of Object.entries(before))
      expect([path, whole[path]?.startsWith(entry)]).toEqual([path, true]);
    expect(new Set(await home.listed())).toEqual(new Set(listed));
    await home.resume(alone, "again");
    expect(asked(home)).toContain(other);
  });

  test("holds a lock on the thread that it runs, which stays with all that its lineage needs", async () => {
    const home = await newCodexHome(codex);
    const sweeper = await newSweeper(SOURCE, home.config);
    const [token, idle] = [newToken(), await home.ask("an idle thread")];
    const id = await home.ask(token);
    const fork = await home.fork(id, "a fork");
    const held = home.model.hold();
    const run = home.start("exec", "resume", "--skip-git-repo-check", fork, "a slow turn");
    await held.asked;
    await ageAll(home.sessions, 20);
    const outcomes = await sweeper.outcomes();
    expect([outcomes[idle], outcomes[fork], outcomes[id]]).toEqual([
      expect.stringMatching(TAKEN),
      expect.stringMatching(/^left: Codex/),
      expect.stringMatching(/^left: .*be resumed without it/),
    ]);
    held.release();
    expect((await run.ended).exitCode).toBe(0);
    await home.resume(fork, "again");
    for (const words of [token, "a slow turn"]) expect(asked(home)).toContain(words);
  });

  test("loses nothing of a thread that it resumes while it is taken away", async () => {
    const home = await newCodexHome(codex);
    const sweeper = await newSweeper(SOURCE, home.config);
    const [token, late] = [newToken(), newToken()];
    const id = await home.ask(`${token} RUN seq 1 60000`);
    await ageAll(home.sessions, 20);
    const held = home.model.hold();
    const runs: ReturnType<CodexHome["start"]>[] = [];
    sweeper.beforeTaking(async () => {
      runs.push(home.start("exec", "resume", "--skip-git-repo-check", id, late));
      await held.asked;
    });
    expect((await sweeper.outcomes())[id]).toMatch("was written to while it was taken");
    held.release();
    expect((await runs[0]?.ended)?.exitCode).toBe(0);
    await home.resume(id, "again");
    for (const words of [token, late]) expect(asked(home)).toContain(words);
  });

  test("loses nothing of what it writes into a file that was taken away", async () => {
    const home = await newCodexHome(codex);
    const sweeper = await newSweeper(SOURCE, home.config);
    const [token, late] = [newToken(), newToken()];
    const id = await home.ask(token);
    const [path = ""] = await home.rollouts();
    const { ino } = await stat(path);
    const held = home.model.hold();
    const run = home.start("exec", "resume", "--skip-git-repo-check", id, late);
    await held.asked;
    // Nothing shows that it is live, as when it runs on another machine. It stands still until its thread is taken.
    process.kill(run.pid, "SIGSTOP");
    await ageAll(home.sessions, 20);
    await unlink(join(home.config, "thread-writer-locks", `${id}.lock`));
    expect((await sweeper.outcomes())[id]).toMatch(/^held/);
    expect(await home.rollouts()).toEqual([]);
    held.release();
    process.kill(run.pid, "SIGCONT");
    expect((await run.ended).exitCode).toBe(0);
    sweeper.wait(25);
    await sweeper.sweep();
    expect((await stat(path)).ino).toBe(ino);
    await home.resume(id, "again");
    for (const words of [token, late]) expect(asked(home)).toContain(words);
  });
});

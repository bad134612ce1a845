/** A thread that an older Codex made unreadable to the newer one, and the copy that the newer one resumes. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { outputOf } from "@session-archiver/test-kit/machine";
import { describe, expect, test } from "vitest";
import { mendOrdinals } from "../../src/codex/mend-ordinals.js";
import { hasMixedOrdinals } from "../../src/codex/mixed-ordinals.js";
import { nodeFiles } from "../../src/files/node-files.js";
import { type CodexHome, newCodexHome } from "./codex-home.js";
import { newToken } from "./files.js";
import { installCodex, installPrograms } from "./install.js";

const programs = await installPrograms();
const older = typeof programs === "string" ? programs : await installCodex("0.140.0");
const codex = typeof programs === "string" ? "" : programs.codex;
const olderCodex = typeof older === "string" ? "" : older.codex;
if (typeof older === "string") console.warn(`No thread is mended for Codex: ${older}`);

const REFUSAL = "is missing an ordinal";

describe.skipIf(olderCodex === "")("a thread that Codex 0.140 has gone on with", () => {
  test("is refused by 0.169; its copy is resumed, with all turns, and the original stays", async () => {
    const home = await newCodexHome(codex);
    const tokens = [newToken(), newToken(), newToken()];
    const id = await home.ask(tokens[0] ?? "");
    await resumeOlder(home, id, tokens[1] ?? "");
    await expect(home.resume(id, "again")).rejects.toThrow(REFUSAL);
    const [path = ""] = await home.rollouts();
    expect(await hasMixedOrdinals(nodeFiles(), path)).toBe(true);

    const before = await readFile(path);
    const mended = await mend(home);
    expect(await home.resume(mended, tokens[2] ?? "")).toBe(mended);
    await home.resume(mended, "and again");
    expect(seen(home, tokens)).toEqual(tokens);
    expect(await home.listed()).toEqual([id, mended].sort());
    expect(await readFile(path)).toEqual(before);
    await expect(home.resume(id, "again")).rejects.toThrow(REFUSAL);
    for (const file of await home.rollouts()) expect(await hasMixedOrdinals(nodeFiles(), file)).toBe(file === path);
  });

  test("is mended with and without databases, and can be forked", async () => {
    const home = await newCodexHome(codex);
    const tokens = [newToken(), newToken()];
    const id = await home.ask(tokens[0] ?? "");
    await resumeOlder(home, id, tokens[1] ?? "");
    const mended = await mend(home);
    await home.removeDatabases();
    await home.resume(mended, "again");
    await home.removeDatabases();
    const fork = await home.fork(mended, "a fork");
    await home.resume(fork, "again");
    expect(seen(home, tokens)).toEqual(tokens);
  });

  test("after a revert, is copied with both its files; forks of the original keep what they need", async () => {
    const home = await newCodexHome(codex);
    const [kept, takenBack, later, last] = [newToken(), newToken(), newToken(), newToken()];
    const id = await home.ask(kept);
    await home.resume(id, takenBack);
    await home.revert(id, 1);
    await home.resume(id, "goes on");
    const fork = await home.fork(id, "a fork");
    await resumeOlder(home, id, later);
    await expect(home.resume(id, "again")).rejects.toThrow(REFUSAL);

    const mended = await mend(home, id);
    await home.resume(mended, last);
    await home.resume(mended, "again");
    expect(seen(home, [kept, takenBack, later, last])).toEqual([kept, later, last]);
    await home.resume(fork, "again");
    expect(seen(home, [kept, takenBack, later, last])).toEqual([kept]);
    await home.removeDatabases();
    await home.resume(mended, "again");
    expect(seen(home, [kept, takenBack, later, last])).toEqual([kept, later, last]);
    await home.resume(fork, "again");
    expect(seen(home, [kept, takenBack, later, last])).toEqual([kept]);
  });
});

/** Which of these the model was asked with last. */
const seen = ({ model }: CodexHome, tokens: readonly string[]): readonly string[] =>
  tokens.filter((token) => model.requests.at(-1)?.body.includes(token));

async function resumeOlder({ work, env }: CodexHome, id: string, words: string): Promise<void> {
  const args = ["exec", "resume", "--skip-git-repo-check", id, words];
  const { exitCode, stderr } = await outputOf(
    spawn(olderCodex, args, { cwd: work, env, stdio: ["ignore", "pipe", "pipe"] }),
  );
  expect(exitCode, stderr).toBe(0);
}

/** Mends the thread whose files' names hold `part`. */
async function mend({ sessions, rollouts }: CodexHome, part = ""): Promise<string> {
  const paths = (await rollouts()).filter((path) => path.includes(part)).map((path) => relative(sessions, path));
  const { nativeId, files } = await mendOrdinals(nodeFiles(), sessions, paths);
  for (const { to } of files) expect(await readFile(join(sessions, to), "utf8")).toContain(nativeId);
  return nativeId;
}

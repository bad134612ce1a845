/** How Codex writes, finds, cleans up and forks: the facts that the source `codex` relies on. */
import { mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CodexHome, newCodexHome } from "./codex-home.js";
import { age, exists, holdAside, newToken } from "./files.js";
import { installPrograms } from "./install.js";

const programs = await installPrograms();
const codex = typeof programs === "string" ? "" : programs.codex;
if (typeof programs === "string") console.warn(`Codex is not tried: ${programs}`);

describe.skipIf(codex === "")("Codex", { timeout: 300_000 }, () => {
  test("keeps its rollout open under a lock, and goes on in the moved file when it is taken away", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("the first turn");
    const [path = ""] = await home.rollouts();
    const held = home.model.hold();
    const token = newToken();
    const run = home.start("exec", "resume", "--skip-git-repo-check", id, token);
    await held.asked;
    const lock = await stat(join(home.config, "thread-writer-locks", `${id}.lock`));
    const locks = (await readFile("/proc/locks", "utf8")).split("\n");
    expect(locks.filter((line) => line.includes("FLOCK") && line.includes(`:${lock.ino} `))).toEqual([
      expect.stringContaining(` ${run.pid} `),
    ]);
    await rename(path, `${path}.away`);
    held.release();
    expect((await run.ended).exitCode).toBe(0);
    expect(await readFile(`${path}.away`, "utf8")).toContain(token);
    expect(await home.rollouts()).toEqual([]);
    expect(await exists(join(home.config, "thread-writer-locks", `${id}.lock`))).toBe(false);
  });

  test("leaves its lock's file behind when it is killed, but not the lock", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("the first turn");
    const held = home.model.hold();
    const run = home.start("exec", "resume", "--skip-git-repo-check", id, "a slow turn");
    await held.asked;
    await run.kill();
    const lock = await stat(join(home.config, "thread-writer-locks", `${id}.lock`));
    expect(await readFile("/proc/locks", "utf8")).not.toContain(`:${lock.ino} `);
    held.release();
    await home.resume(id, "goes on");
  });

  test("resumes a session from exactly its old place, however old it looks", async () => {
    const home = await newCodexHome(codex);
    const token = newToken();
    const id = await home.ask(token);
    const [path = ""] = await home.rollouts();
    const elsewhere = path.replace(/sessions\/\d{4}/, "sessions/2020");
    await mkdir(dirname(elsewhere), { recursive: true });
    await rename(path, elsewhere);
    expect(await home.listed()).toEqual([id]);
    await expect(home.resume(id, "again")).rejects.toThrow("no rollout found");
    await rename(elsewhere, path);
    await age(path, 400);
    await home.resume(id, "again");
    expect(home.model.requests.at(-1)?.body).toContain(token);
  });

  test("deletes nothing, however old it is", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("a turn");
    const [path = ""] = await home.rollouts();
    await age(path, 4000);
    await home.ask("another session");
    expect(await home.rollouts()).toContain(path);
    expect(await home.listed()).toContain(id);
  });

  test("neither lists nor resumes what is held aside, with its databases and without them", async () => {
    const home = await newCodexHome(codex);
    const [id, other] = [await home.ask("a turn"), await home.ask("another session")];
    const path = (await home.rollouts()).find((name) => name.includes(id)) ?? "";
    const part = await holdAside(home.sessions, path);
    for (const without of [false, true]) {
      if (without) await home.removeDatabases();
      expect(await home.listed()).toEqual([other]);
      await expect(home.resume(id, "again")).rejects.toThrow("no rollout found");
    }
    await home.removeDatabases();
    await rename(part, path);
    await home.resume(id, "again");
  });

  test("copies nothing into a fork, which can't be resumed without its parent's file", async () => {
    const home = await newCodexHome(codex);
    const token = newToken();
    const parent = await home.ask(token);
    const [path = ""] = await home.rollouts();
    const fork = await home.fork(parent, "a fork");
    expect(await readFile(await rolloutOf(home, fork), "utf8")).not.toContain(token);
    await rename(path, `${path}.away`);
    await expect(home.resume(fork, "again")).rejects.toThrow("missing source rollout");
    await rename(`${path}.away`, path);
    await home.resume(fork, "again");
    expect(home.model.requests.at(-1)?.body).toContain(token);
  });

  test("writes a second file of the same thread when turns are taken back, and needs the first one still", async () => {
    const home = await newCodexHome(codex);
    const [token, takenBack] = [newToken(), newToken()];
    const id = await home.ask(token);
    await home.resume(id, takenBack);
    const [first = ""] = await home.rollouts();
    await home.revert(id, 1);
    const files = await home.rollouts();
    expect(files.map((path) => basename(path).includes(id))).toEqual([true, true]);
    expect(await home.listed()).toEqual([id]);
    await rename(first, `${first}.away`);
    await expect(home.resume(id, "again")).rejects.toThrow("missing source rollout");
    await rename(`${first}.away`, first);
    await home.resume(id, "again");
    const body = home.model.requests.at(-1)?.body;
    expect([body?.includes(token), body?.includes(takenBack)]).toEqual([true, false]);
  });

  test("gives a subagent a thread and a file of its own, which neither needs of the other", async () => {
    const home = await newCodexHome(codex);
    const token = newToken();
    const id = await home.ask(`${token} SUBAGENT RUN echo hi`);
    const agent = (await home.rollouts()).find((path) => !path.includes(id)) ?? "";
    const meta = JSON.parse((await readFile(agent, "utf8")).split("\n")[0] ?? "");
    expect(meta.payload).toMatchObject({ session_id: id, parent_thread_id: id });
    expect(basename(agent)).toContain(meta.payload.id);
    await rename(agent, `${agent}.away`);
    await home.resume(id, "again");
    expect(home.model.requests.at(-1)?.body).toContain(token);
    await rename(`${agent}.away`, agent);
    await rename(await rolloutOf(home, id), join(home.folder, "away"));
    await home.resume(meta.payload.id, "again");
    expect(await readdir(home.folder)).toContain("away");
  });
});

async function rolloutOf(home: CodexHome, id: string): Promise<string> {
  return (await home.rollouts()).find((path) => path.includes(id)) ?? "";
}

/** How Claude Code writes, finds, cleans up and forks: the facts that the source `claude-code` relies on. */
import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { newClaudeHome } from "./claude-home.js";
import { age, exists, holdAside, newToken } from "./files.js";
import { installPrograms } from "./install.js";

const programs = await installPrograms();
const claude = typeof programs === "string" ? "" : programs.claude;
if (typeof programs === "string") console.warn(`Claude Code is not tried: ${programs}`);

describe.skipIf(claude === "")("Claude Code", { timeout: 300_000 }, () => {
  test("writes on at the old path, in a file without a beginning, when its transcript is taken away", async () => {
    const home = await newClaudeHome(claude);
    const token = newToken();
    const id = await home.ask(token);
    const [path = ""] = await home.transcripts();
    const held = home.model.hold();
    const run = home.start("a slow turn", { args: ["--resume", id] });
    await held.asked;
    await rename(path, `${path}.away`);
    held.release();
    expect((await run.ended).exitCode).toBe(0);
    const tail = await readFile(path, "utf8");
    expect(parentlessIn(tail)).toHaveLength(1);

    // Both together are what it would have written.
    await writeFile(path, (await readFile(`${path}.away`, "utf8")) + tail);
    expect(parentlessIn(await readFile(path, "utf8"))).toEqual([]);
    await home.ask("again", { args: ["--resume", id] });
    expect(home.model.requests.at(-1)?.body).toContain(token);
  });

  test("says which session a process runs, with the time at which the process started", async () => {
    const home = await newClaudeHome(claude);
    const held = home.model.hold();
    const run = home.start("hello");
    await held.asked;
    const file = join(home.config, "sessions", `${run.pid}.json`);
    const started = (await readFile(`/proc/${run.pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ")[19];
    const space = `linux:${(await readFile("/etc/machine-id", "utf8")).trim()}:`;
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      ...{ pid: run.pid, procStart: started, pidDomain: expect.stringContaining(space) },
      sessionId: expect.any(String),
    });
    const { sessionId } = JSON.parse(await readFile(file, "utf8")) as { readonly sessionId: string };
    held.release();
    await run.ended;
    expect((await home.transcripts()).map((path) => basename(path, ".jsonl"))).toEqual([sessionId]);
    expect(await exists(file)).toBe(false);
  });

  test("finds a session in any project's folder, and neither of two of one id", async () => {
    const home = await newClaudeHome(claude);
    const token = newToken();
    const id = await home.ask(token);
    const [path = ""] = await home.transcripts();
    await home.ask("from elsewhere", { args: ["--resume", id], cwd: home.folder });
    expect(home.model.requests.at(-1)?.body).toContain(token);
    expect(await home.transcripts()).toEqual([path]);

    const other = await home.ask("another project", { cwd: home.env["TMPDIR"] ?? "" });
    const second = (await home.transcripts()).find((name) => name.includes(other)) ?? "";
    await writeFile(join(dirname(second), basename(path)), await readFile(path));
    const { exitCode, stderr } = await home.start("which?", { args: ["--resume", id], cwd: home.folder }).ended;
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("No conversation found")]);
  });

  test("continues the session whose transcript has the newest time", async () => {
    const home = await newClaudeHome(claude);
    const older = newToken();
    const id = await home.ask(older);
    const newer = newToken();
    await home.ask(newer);
    const newest = (await home.transcripts()).find((path) => !path.includes(id)) ?? "";
    await age(newest, 1);
    await home.ask("again", { args: ["--continue"] });
    expect(home.model.requests.at(-1)?.body).toContain(older);
    expect(home.model.requests.at(-1)?.body).not.toContain(newer);
  });

  test("deletes by the time of each file what is older than 30 days, but nothing that is held aside", async () => {
    const home = await newClaudeHome(claude);
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push(await home.ask("RUN seq 1 60000"));
    const [young = "", old = "", aside = ""] = ids.map((id) => join(home.projects, projectOf(home.work), id));
    await age(`${young}.jsonl`, 29);
    await age(`${old}.jsonl`, 31);
    for (const session of [young, aside]) {
      const [result = ""] = await readdir(join(session, "tool-results"));
      await age(join(session, "tool-results", result), 31);
    }
    await writeFile(join(old, "tool-results", "fresh.txt"), "fresh");
    const held = [await holdAside(home.projects, `${aside}.jsonl`)];
    for (const name of await readdir(join(aside, "tool-results")))
      held.push(await holdAside(home.projects, join(aside, "tool-results", name)));
    for (const path of held) await age(path, 400);

    await home.cleanUp();
    const left = [`${young}.jsonl`, join(young, "tool-results"), `${old}.jsonl`, old, ...held];
    expect(await Promise.all(left.map(exists))).toEqual([true, false, false, false, true, true]);
    const { stderr } = await home.start("again", { args: ["--resume", basename(aside)] }).ended;
    expect(stderr).toContain("No conversation found");
  });

  test("copies the lines into a fork, which names the results of its parent's tools by their path", async () => {
    const home = await newClaudeHome(claude);
    const parent = await home.ask("RUN seq 1 60000");
    const before = await readFile((await home.transcripts())[0] ?? "");
    const fork = await home.ask("a fork", { args: ["--resume", parent, "--fork-session"] });
    expect(fork).not.toBe(parent);
    const folder = join(home.projects, projectOf(home.work));
    expect(await readFile(join(folder, `${parent}.jsonl`))).toEqual(before);
    expect(await readFile(join(folder, `${fork}.jsonl`), "utf8")).toContain(join(folder, parent, "tool-results"));
    expect(await exists(join(folder, fork))).toBe(false);
    expect((await stat(join(folder, `${fork}.jsonl`))).mode & 0o777).toBe(0o600);
  });
});

/** Lines whose parent is not in the same file: one of a session that was begun elsewhere. */
function parentlessIn(transcript: string): readonly unknown[] {
  const lines = transcript
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const uuids = new Set(lines.map(({ uuid }) => uuid));
  return lines.filter(({ parentUuid }) => typeof parentUuid === "string" && !uuids.has(parentUuid));
}

interface Line {
  readonly uuid?: string;
  readonly parentUuid?: string | null;
}

/** The name that a project's folder has. */
function projectOf(cwd: string): string {
  return cwd.replace(/[^A-Za-z0-9]/g, "-");
}

/** A search that is shared with a thread, by the built program. Needs a build. */
import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { loadedAfter, loadedBy } from "./support/loaded.js";
import { writeFiles } from "./support/sessions.js";

const SESSIONS = 40;
const THREAD = "dist/search-thread.js";

/** 32 MB of sessions, of which half are archived. */
async function manySessions(): Promise<Cli> {
  const cli = await newCli();
  const name = (n: number): string => `aaaaaaaa-0000-4000-8000-0000000000${String(n).padStart(2, "0")}`;
  const said = (n: number, content: string): string => {
    const timestamp = new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
    const line = { type: "user", uuid: `u${content.length}`, sessionId: name(n), cwd: "/home/me/app", timestamp };
    return `${JSON.stringify({ ...line, message: { role: "user", content } })}\n`;
  };
  const numbers = Array.from({ length: SESSIONS }, (_, n) => n);
  const files = numbers.map((n) => [`p/${name(n)}.jsonl`, `${said(n, "x".repeat(800_000))}${said(n, `needle ${n}`)}`]);
  await writeFiles(cli.folder, Object.fromEntries(files));
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  const archived = numbers.filter((n) => n % 2 === 0).map((n) => `claude-code:${name(n)}`);
  expect((await cli.run("archive", ...archived)).exitCode).toBe(0);
  return cli;
}

test("a search of much finds in two threads what it finds in one, also if the other can't be started", async () => {
  const cli = await manySessions();
  const { text: expected } = await cli.run("search", "needle"); // the sources have no thread
  expect(expected.match(/needle \d/g)?.length).toBe(SESSIONS);

  const shared = loadedBy(cli.folder, "search", "needle");
  expect(shared).toMatchObject({ status: 0, stdout: expected });
  expect(shared.modules.includes(THREAD)).toBe(availableParallelism() > 1);

  const fails = `import { isMainThread } from "node:worker_threads"; if (!isMainThread) throw new Error("no thread");`;
  const alone = loadedAfter(fails, cli.folder, "search", "needle");
  expect(alone).toMatchObject({ status: 0, stdout: expected });
  expect(alone.modules).not.toContain(THREAD);

  const early = loadedBy(cli.folder, "search", "needle", "--limit", "1");
  expect(early.stdout).toContain(`needle ${SESSIONS - 1}`);
  expect(early.modules).not.toContain(THREAD);
});

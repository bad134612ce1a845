/** Real locks of a real process, and what other machines would show. */
import { execFile, spawn } from "node:child_process";
import { mkdir, readlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCodexSource } from "../../src/codex/source.js";
import { type CodexSystem, linuxSystem, looksLikeCodex } from "../../src/codex/system.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { LiveCheck, Unit } from "../../src/index.js";
import { type CodexFolder, codexFolder, scanned, threadId } from "../support/rollouts.js";

const [A, B] = [threadId(1), threadId(2)];
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 20);

const hasFlock =
  process.platform === "linux" &&
  (await promisify(execFile)("flock", ["--version"]).then(
    () => true,
    () => false,
  ));

/** What a machine shows; by default, that nothing is locked, and nothing has started. */
const system = (shown: Partial<CodexSystem> = {}): CodexSystem => ({
  locks: async () => ({ text: "", isWhole: true }),
  startedWithin: async () => [],
  ...shown,
});

interface Home extends CodexFolder {
  /** Why each thread is live. */
  live(): Promise<readonly (string | undefined)[]>;
}

/** A home with the threads A and B; a lock file of A that was made `lockAgeMs` before now. */
async function homeWith(shown: CodexSystem, lockAgeMs: number): Promise<Home> {
  const folder = await codexFolder(createCodexSource(shown));
  const written = new Date(NOW - 2 * HOUR_MS);
  for (const id of [A, B]) await utimes(join(folder.home, await folder.thread(id)), written, written);
  await mkdir(join(folder.home, "thread-writer-locks"));
  await folder.write("thread-writer-locks/.coordination.lock", "");
  const made = new Date(NOW - lockAgeMs);
  await utimes(await folder.write(`thread-writer-locks/${A}.lock`, ""), made, made);
  const { place } = folder;
  return {
    ...folder,
    async live() {
      const check: LiveCheck = await place.source.live(place, nodeFiles(), { now: NOW, idleMs: HOUR_MS });
      const { units } = await scanned(folder);
      return [A, B].map((id) => check(units.get(id) as Unit));
    },
  };
}

test.skipIf(!hasFlock)(
  `a thread is live while a process holds its lock, and not after a kill${hasFlock ? "" : " (no flock here)"}`,
  async () => {
    const real = linuxSystem();
    const home = await homeWith(system({ locks: async () => withAll(await real.locks()) }), HOUR_MS * 24);
    expect(await home.live()).toEqual([undefined, undefined]);

    const holder = spawn("flock", [join(home.home, "thread-writer-locks", `${A}.lock`), "cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void holder.kill());
    // What it gives back it has read while it held the lock.
    const echoed = new Promise((done) => holder.stdout.once("data", done));
    holder.stdin.write("x");
    await echoed;
    expect(await home.live()).toEqual([`Codex has it open (process ${holder.pid})`, undefined]);

    const gone = new Promise((done) => holder.once("close", done));
    holder.stdin.end();
    await gone;
    expect(await home.live()).toEqual([undefined, undefined]);
  },
);

/** The test's own container may hide others' locks: not its own. */
const withAll = (locks: Awaited<ReturnType<CodexSystem["locks"]>>) => locks && { ...locks, isWhole: true };

describe("locks that can't be seen", () => {
  const unseen = [
    ["on a system without /proc", undefined],
    ["in a container", { text: "", isWhole: false }],
  ] as const;
  test.each(unseen)("%s, a lock file counts for as long as the idle limit", async (_where, locks) => {
    const shown = system({ locks: async () => locks });
    const why = "Codex may have it open: its lock file is there, and who holds it can't be seen from here";
    expect(await (await homeWith(shown, HOUR_MS - 1000)).live()).toEqual([why, undefined]);
    expect(await (await homeWith(shown, HOUR_MS + 1000)).live()).toEqual([undefined, undefined]);
  });

  test("where all locks are seen, the file that a killed Codex left behind counts for nothing, however young", async () => {
    expect(await (await homeWith(system(), 1000)).live()).toEqual([undefined, undefined]);
  });

  test("a lock that is seen in a container counts however old it is", async () => {
    let text = "";
    const home = await homeWith(system({ locks: async () => ({ text, isWhole: false }) }), HOUR_MS * 24);
    text = await lockOf(home);
    expect((await home.live())[0]).toContain("process 41");
  });
});

async function lockOf(home: CodexFolder, kind = "FLOCK  ADVISORY  WRITE"): Promise<string> {
  const look = await nodeFiles().look(join(home.home, "thread-writer-locks", `${A}.lock`));
  const inode = look?.identity.split(":")[1];
  return `1: POSIX  ADVISORY  READ 30527 fe:00:2572815 128 128\n2: ${kind} 41 00:2f:${inode} 0 EOF\n`;
}

test("on btrfs and overlayfs the lock shows another device: the inode counts", async () => {
  let text = "";
  const home = await homeWith(system({ locks: async () => ({ text, isWhole: true }) }), HOUR_MS * 24);
  text = await lockOf(home);
  expect(await home.live()).toEqual(["Codex has it open (process 41)", undefined]);
  text = await lockOf(home, "POSIX  ADVISORY  READ");
  expect(await home.live()).toEqual([undefined, undefined]);
  text = await lockOf(home, "-> FLOCK  ADVISORY  WRITE");
  expect(await home.live()).toEqual([undefined, undefined]);
});

test("while a Codex that has just started holds no lock yet, every thread may be its own", async () => {
  const asked: number[] = [];
  const startedWithin = async (ms: number): Promise<readonly number[]> => {
    asked.push(ms);
    return [77];
  };
  const home = await homeWith(system({ startedWithin }), HOUR_MS * 24);
  const why = "Codex has just started (process 77), and may open it";
  expect(await home.live()).toEqual([why, why]);
  expect(asked).toEqual([30_000]);
});

test("a thread that was changed within the last hour is live", async () => {
  const home = await homeWith(system(), HOUR_MS * 24);
  const written = new Date(NOW - HOUR_MS + 1000);
  const unit = (await scanned(home)).units.get(B);
  await utimes(join(home.home, "sessions", unit?.members[0]?.path ?? ""), written, written);
  expect(await home.live()).toEqual([undefined, "it was changed within the last hour"]);
});

describe("processes", () => {
  test("this machine's own: one that has just started is found, until it is older than asked", async () => {
    const env = { ...process.env, CODEX_HOME: "/home/me/.codex" };
    const child = spawn("cat", { argv0: "codex", stdio: ["pipe", "pipe", "inherit"], env });
    onTestFinished(() => void child.kill());
    const echoed = new Promise((done) => child.stdout.once("data", done));
    child.stdin.write("x");
    await echoed;
    const { startedWithin } = linuxSystem();
    const shows = process.platform === "linux";
    expect((await startedWithin(600_000, "/home/me/.codex")).includes(child.pid ?? 0)).toBe(shows);
    expect((await startedWithin(600_000, "/home/ada/.codex")).includes(child.pid ?? 0)).toBe(false);
    expect(await startedWithin(-600_000, "/home/me/.codex")).toEqual([]);
  });

  test("what starts Codex is recognised, and what only names it is not", () => {
    const scripts = "/usr/lib/node_modules/@openai/codex/bin/codex.js";
    expect(looksLikeCodex("codex", ["/opt/codex", "exec"])).toBe(true);
    expect(looksLikeCodex("codex-x86_64-un", ["./codex-x86_64-unknown-linux-musl"])).toBe(true);
    expect(looksLikeCodex("node", ["node", scripts, "resume"])).toBe(true);
    expect(looksLikeCodex("node", ["/usr/bin/node", "/usr/bin/codex"])).toBe(true);
    expect(looksLikeCodex("node", ["node", "session-archiver", "sweep", "--source", "codex"])).toBe(false);
    expect(looksLikeCodex("vim", ["vim", "codex.md"])).toBe(false);
    expect(looksLikeCodex("grep", ["grep", "codex"])).toBe(false);
    expect(looksLikeCodex("", [""])).toBe(false);
  });

  test("locks are shown whole only in the first namespace of process ids", async () => {
    const folder = await codexFolder();
    const proc = join(folder.home, "proc");
    await mkdir(join(proc, "self/ns"), { recursive: true });
    await writeFile(join(proc, "self/ns/pid"), "");
    await writeFile(join(proc, "locks"), "1: FLOCK\n");
    expect(await linuxSystem(proc).locks()).toEqual({ text: "1: FLOCK\n", isWhole: false });
    const own = await readlink("/proc/self/ns/pid").catch(() => undefined);
    expect((await linuxSystem().locks())?.isWhole).toBe(own && own === "pid:[4026531836]");
  });

  test("a process table of any shape is read without an error", async () => {
    const folder = await codexFolder();
    const proc = join(folder.home, "proc");
    const stat = (start: number): string => `7 (a) b) S ${Array.from({ length: 18 }, () => 0).join(" ")} ${start} 0\n`;
    await mkdir(join(proc, "7"), { recursive: true });
    await mkdir(join(proc, "8"));
    await mkdir(join(proc, "9"));
    await writeFile(join(proc, "uptime"), "1000.00 1.00\n");
    await writeFile(join(proc, "7/stat"), stat(98_000));
    await writeFile(join(proc, "7/cmdline"), "codex\0exec\0");
    await writeFile(join(proc, "8/stat"), "no process");
    const { startedWithin, locks } = linuxSystem(proc);
    expect(await startedWithin(30_000, "/home/me/.codex")).toEqual([7]);
    expect(await startedWithin(10_000, "/home/me/.codex")).toEqual([]);
    // Only an environment that names another home proves that it is another one.
    for (const [environment, uses] of [
      ["A=1\0HOME=/home/me\0", true],
      ["HOME=/home/ada\0", false],
      ["HOME=/home/me\0CODEX_HOME=/srv/codex\0", false],
      ["CODEX_HOME=\0HOME=/home/me\0", true],
    ] as const) {
      await writeFile(join(proc, "7/environ"), environment);
      expect(await startedWithin(30_000, "/home/me/.codex")).toEqual(uses ? [7] : []);
    }
    expect(await locks()).toBeUndefined();
    expect(await linuxSystem(join(folder.home, "none")).startedWithin(30_000, "/home/me/.codex")).toEqual([]);
  });
});

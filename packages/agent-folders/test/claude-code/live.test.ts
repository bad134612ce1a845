/** Which sessions Claude Code is running. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { machineProcesses, type Processes } from "../../src/live/processes.js";
import { placeOf } from "../../src/place.js";
import type { Unit } from "../../src/source.js";
import { type CountedFiles, countedFiles } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";
import { uuid } from "../support/transcripts.js";

const NOW = Date.UTC(2026, 10, 29);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const HERE = "linux:m:pid:[1]";
const [ONE, TWO] = [uuid(1), uuid(2)];

const unit = (nativeId: string, lastModifiedMs = NOW - 2 * DAY): Unit => ({
  id: `claude-code:${nativeId}`,
  nativeId,
  project: "",
  members: [],
  folders: [],
  lastModifiedMs,
  needs: [],
});

/** As a real one looks: Claude Code 2.1.328. */
const note = (changes: object = {}): string =>
  JSON.stringify({
    pid: 31435,
    sessionId: ONE,
    cwd: "/home/me/project",
    startedAt: NOW - 3 * DAY,
    procStart: "4765316",
    version: "2.1.328",
    pidDomain: HERE,
    status: "busy",
    updatedAt: NOW - 3 * DAY,
    ...changes,
  });

const processes = (starts: Readonly<Record<number, string>>): Processes => ({
  domain: async () => HERE,
  startOf: async (pid) => starts[pid] ?? "gone",
});

interface Given {
  readonly notes?: Readonly<Record<string, string>>;
  readonly running?: Processes;
  readonly noteChangedAt?: number;
  readonly files?: CountedFiles;
}

async function live({ notes = {}, running = processes({}), noteChangedAt = NOW - 3 * DAY, files }: Given) {
  const home = await tempFolder();
  await put(join(home, "projects/p/x"), "");
  for (const [name, text] of Object.entries(notes)) await put(join(home, "sessions", name), text, noteChangedAt);
  const source = claudeCodeSource(running);
  const used = files ?? countedFiles();
  const check = await source.live(await placeOf(source, home, used, {}), used, { now: NOW, idleMs: 7 * DAY });
  return (nativeId: string) => check(unit(nativeId));
}

describe("live sessions of Claude Code", () => {
  test("anything that changed within the last hour, or in the future", async () => {
    const source = claudeCodeSource(processes({}));
    const files = countedFiles();
    const place = { source, home: await tempFolder(), roots: [] };
    const check = await source.live(place, files, { now: NOW, idleMs: 7 * DAY });
    expect(check(unit(ONE, NOW - HOUR + 1))).toBe("it was changed within the last hour");
    expect(check(unit(ONE, NOW + DAY))).toBe("it was changed within the last hour");
    expect(check(unit(ONE, NOW - HOUR))).toBeUndefined();
  });

  test("the session of a process that is there and was started when the note says", async () => {
    const check = await live({ notes: { "31435.json": note() }, running: processes({ 31435: "4765316" }) });
    expect(check(ONE)).toBe("Claude Code is running it (process 31435)");
    expect(check(`${ONE}/agent-a1`)).toBe("Claude Code is running it (process 31435)");
    expect(check(TWO)).toBeUndefined();
  });

  test("not that of a process that is gone, or of another one with its id", async () => {
    for (const running of [processes({}), processes({ 31435: "9999999" })]) {
      expect((await live({ notes: { "31435.json": note({ updatedAt: NOW }) }, running }))(ONE)).toBeUndefined();
    }
  });

  test("where the process can't be checked, until the idle limit after the last sign of life", async () => {
    const unseen = "Claude Code may be running it: process 31435 can't be checked from here";
    const elsewhere = [{ pidDomain: "linux:m:pid:[2]" }, { pidDomain: undefined }];
    for (const change of elsewhere) {
      const young = { notes: { "31435.json": note({ ...change, updatedAt: NOW - 7 * DAY + 1 }) }, noteChangedAt: 0 };
      expect((await live(young))(ONE)).toBe(unseen);
      const old = { updatedAt: NOW - 7 * DAY, startedAt: 0 };
      expect(
        (await live({ notes: { "31435.json": note({ ...change, ...old }) }, noteChangedAt: 0 }))(ONE),
      ).toBeUndefined();
    }
    const running = { ...processes({}), domain: async () => undefined };
    expect((await live({ notes: { "31435.json": note() }, running }))(ONE)).toBe(unseen);
  });

  test("a process of which no start is known counts as the one of the note", async () => {
    const running = processes({ 31435: "hidden" });
    expect((await live({ notes: { "31435.json": note() }, running }))(ONE)).toContain("is running it");
    const noStart = { notes: { "31435.json": note({ procStart: undefined }) }, running: processes({ 31435: "1" }) };
    expect((await live(noStart))(ONE)).toContain("is running it");
  });

  test.each(["", "{", "[]", "null", "7", '{"sessionId":7}', `${'{"a":'.repeat(9000)}`, "\u0000"])(
    "a note that says %j stands for any session, until the idle limit after its mtime",
    async (text) => {
      const young = await live({ notes: { "31435.json": text }, noteChangedAt: NOW - 7 * DAY + 1000 });
      expect([young(ONE), young(TWO)]).toEqual(Array(2).fill(expect.stringContaining("may be running it")));
      const old = await live({ notes: { "31435.json": text }, noteChangedAt: NOW - 7 * DAY - 1000 });
      expect([old(ONE), old(TWO)]).toEqual([undefined, undefined]);
    },
  );

  test("keys are never opened, nor is anything else beside the notes", async () => {
    const files = countedFiles();
    const names = ["31435.a5e1075614bcdc81.key", "31435.key", "x.json", "-1.json", "1.json.key", "12345678901.json"];
    const notes = Object.fromEntries(names.map((name) => [name, note()]));
    const check = await live({ notes, files, noteChangedAt: NOW });
    expect(files.opened).toEqual([]);
    expect(check(ONE)).toBeUndefined();
  });

  test("a pipe or a link in place of a note is not opened, and stands for any session", async () => {
    const home = await tempFolder();
    await put(join(home, "sessions/x"), "");
    await put(join(home, "projects/x"), "");
    execFileSync("mkfifo", [join(home, "sessions/1.json")]);
    symlinkSync("/dev/zero", join(home, "sessions/2.json"));
    const source = claudeCodeSource(processes({}));
    const files = countedFiles();
    const place = await placeOf(source, home, files, {});
    const at = (now: number) => source.live(place, files, { now, idleMs: 7 * DAY });
    utimesSync(join(home, "sessions/1.json"), NOW / 1000, NOW / 1000);
    expect((await at(NOW))(unit(TWO))).toContain("process");
  });

  test("notes that can't be listed prove nothing: that is an error", async () => {
    const home = await tempFolder();
    await put(join(home, "projects/x"), "");
    const source = claudeCodeSource(processes({}));
    const files = countedFiles([join(home, "sessions")]);
    const place = await placeOf(source, home, files, {});
    await expect(source.live(place, files, { now: NOW, idleMs: DAY })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe.skipIf(process.platform !== "linux")("processes of this machine (Linux)", () => {
  test("a process is there while it runs, with the start that the system shows", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    const pid = child.pid ?? 0;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const expected = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[22 - 3];
    expect(await machineProcesses.startOf(pid)).toBe(expected);
    expect(await machineProcesses.startOf(process.pid)).toMatch(/^\d+$/);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await machineProcesses.startOf(pid)).toBe("gone");
  });

  test("a command with brackets and spaces in its name changes nothing", async () => {
    const title = process.title;
    onTestFinished(() => {
      process.title = title;
    });
    const before = await machineProcesses.startOf(process.pid);
    process.title = "a) S 1 (b c";
    expect(readFileSync(`/proc/${process.pid}/stat`, "utf8")).toContain("(a) S 1 (b c)");
    expect(await machineProcesses.startOf(process.pid)).toBe(before);
  });

  test("the domain is the one that Claude Code notes", async () => {
    const domain = await machineProcesses.domain();
    if (domain !== undefined) expect(domain).toMatch(/^linux:[0-9a-f]+:pid:\[\d+\]$/);
  });
});

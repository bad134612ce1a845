/** The program as a separate process. Needs a build. */
import type { ChildProcess } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { KEY } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import type { ListedSession } from "../src/index.js";
import { watchSignals } from "../src/signals.js";
import { newFolder } from "./support/cli.js";
import { BIN, type Ended, ended, startProgram } from "./support/program.js";
import { transcript, writeFiles } from "./support/sessions.js";

function start(cwd: string, ...words: readonly string[]): ChildProcess {
  return startProgram({ cwd }, ...words);
}

async function run(cwd: string, ...words: readonly string[]): Promise<Ended> {
  return ended(start(cwd, ...words));
}

async function listed(cwd: string): Promise<readonly ListedSession[]> {
  return JSON.parse((await run(cwd, "list", "--all", "--json")).stdout).sessions;
}

/** Resolves once the program's stderr matches the pattern. */
function written(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve();
    });
  });
}

/** When each session was noted as whole. */
async function notes(cwd: string): Promise<readonly number[]> {
  await using store = await openSqlite(join(cwd, "home/sessions.db"), { readOnly: true });
  const times: number[] = [];
  for await (const { meta } of store.objects.list()) if (meta[KEY.verifiedAt]) times.push(Number(meta[KEY.verifiedAt]));
  return times;
}

/** Resolves once `count` sessions are noted as whole. */
async function noted(cwd: string, count: number): Promise<void> {
  while ((await notes(cwd)).length < count);
}

/** `p/s0.jsonl`, `p/s1.jsonl` and so on, of 20 lines. */
function manyFiles(count: number): Record<string, string> {
  const entries = Array.from({ length: count }, (_, i) => [`p/s${i}.jsonl`, transcript(20, undefined, `s${i}`)]);
  return Object.fromEntries(entries);
}

describe("Ctrl-C", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("in an import leaves complete sessions, and the next import finishes: %s", async (signal, exitCode) => {
    const cwd = await newFolder();
    await writeFiles(cwd, manyFiles(200));
    const child = start(cwd, "import", "p", "--json");
    const end = ended(child);
    await written(child, /imported s/);
    child.kill(signal);
    const first = await end;
    expect(first.exitCode).toBe(exitCode);
    expect(first.stderr).toContain("Interrupted. Nothing is half-done");
    expect(JSON.parse(first.stdout)).toMatchObject({ error: { code: "ABORTED" } });

    const there = await listed(cwd);
    expect(there.length).toBeGreaterThan(0);
    expect(there.length).toBeLessThan(200);
    for (const { rawBytes, lineCount } of there) expect([rawBytes > 0, lineCount]).toEqual([true, 20]);
    const second = JSON.parse((await run(cwd, "import", "p", "--json")).stdout);
    expect(second).toMatchObject({ imported: 200 - there.length, appended: 0, skipped: there.length, failed: [] });
    expect(JSON.parse((await run(cwd, "verify", "--json")).stdout)).toMatchObject({ checked: 200, bad: [] });
  });

  test("in the middle of a large file leaves nothing of it", async () => {
    const cwd = await newFolder();
    await writeFiles(cwd, { "p/a.jsonl": transcript(2), "p/big.jsonl": transcript(4000).repeat(100) });
    const child = start(cwd, "import", "p");
    const end = ended(child);
    await written(child, /imported a/);
    child.kill("SIGINT");
    expect((await end).exitCode).toBe(130);
    expect((await listed(cwd)).map(({ id }) => id)).toEqual(["a"]);
    expect((await run(cwd, "import", "p")).stdout).toBe("1 imported, 0 appended, 1 skipped, 0 failed.\n");
    expect((await run(cwd, "export", "big")).exitCode).toBe(0);
    const exported = await readFile(join(cwd, "big.jsonl"));
    expect(exported.equals(await readFile(join(cwd, "p/big.jsonl")))).toBe(true);
  });

  test("in a sweep leaves every session readable, and the next sweep finishes", async () => {
    const cwd = await newFolder();
    await writeFiles(cwd, manyFiles(80));
    await run(cwd, "import", "p");
    const child = start(cwd, "sweep");
    const end = ended(child);
    await written(child, /archived s/);
    child.kill("SIGINT");
    expect(await end).toMatchObject({ exitCode: 130, stdout: "" });

    const archived = (await listed(cwd)).filter(({ state }) => state === "archived").length;
    expect(archived).toBeGreaterThan(0);
    expect(archived).toBeLessThan(80);
    expect(JSON.parse((await run(cwd, "verify", "--json")).stdout)).toMatchObject({ checked: 80, bad: [] });
    const report = JSON.parse((await run(cwd, "sweep", "--json")).stdout);
    expect(report).toMatchObject({ archivedCount: 80 - archived, failedCount: 0 });
    expect(JSON.parse((await run(cwd, "verify", "--json")).stdout)).toMatchObject({ checked: 80, bad: [] });
  });

  test("in a pass of verify keeps what was verified, and the next call goes on after it", async () => {
    const cwd = await newFolder();
    await writeFiles(cwd, manyFiles(200));
    await run(cwd, "import", "p");
    await run(cwd, "sweep");
    const child = start(cwd, "verify", "--continue", "--json");
    const end = ended(child);
    await noted(cwd, 3);
    child.kill("SIGINT");
    const first = await end;
    expect(first.exitCode).toBe(130);
    expect(first.stderr).toContain("run the command again to go on");
    const kept = await notes(cwd);
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.length).toBeLessThan(200);

    const second = JSON.parse((await run(cwd, "verify", "--continue", "--json")).stdout);
    expect(second).toMatchObject({ checked: 200 - kept.length, skipped: kept.length, bad: [], complete: true });
    expect(second.knownWholeAt).toBe(Math.min(...kept));
    const third = JSON.parse((await run(cwd, "verify", "--continue", "--json")).stdout);
    expect(third).toMatchObject({ checked: 200, skipped: 0, bad: [] });
  });

  test("that comes twice ends the program at once", () => {
    const listeners = new Map<string, () => void>();
    const exits: number[] = [];
    const signals = watchSignals({
      on: (name, listener) => listeners.set(name, listener),
      off: (name) => listeners.delete(name),
      exit: (code) => exits.push(code) as never,
    });
    listeners.get("SIGINT")?.();
    expect(signals.signal.reason).toBe("SIGINT");
    expect(exits).toEqual([]);
    listeners.get("SIGTERM")?.();
    expect(exits).toEqual([143]);
    signals.stop();
    expect(listeners.size).toBe(0);
  });
});

describe("a process", () => {
  test("ends quietly with 0 when its reader stops early", async () => {
    const cwd = await newFolder();
    await writeFiles(cwd, { "s.jsonl": transcript(50_000) });
    await run(cwd, "import", "s.jsonl");
    for (const words of [
      ["cat", "s"],
      ["cat", "s", "--json"],
      ["export", "s", "-o", "-"],
    ]) {
      const child = start(cwd, ...words);
      const end = ended(child);
      child.stdout?.once("data", () => child.stdout?.destroy());
      expect(await end).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  test("reports success or failure by its exit code, and uses the right streams", async () => {
    const cwd = await newFolder();
    expect(await run(cwd, "list", "--json")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^\{"error":.*\}\n$/),
    });
    await run(cwd, "sweep");
    expect(await run(cwd, "list", "--json")).toMatchObject({
      exitCode: 0,
      stdout:
        '{"schemaVersion":1,"kind":"list","sessions":[],"hidden":{"empty":0,"children":0},"total":0,"nextCursor":null}\n',
      stderr: "",
    });
    expect(await run(cwd, "cat", "nobody")).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await run(cwd, "nonsense")).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await run(cwd)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("No agent") });
    expect(await run(cwd, "--version")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test("can be started through a link", async () => {
    expect((await readFile(BIN, "utf8")).split("\n")[0]).toBe("#!/usr/bin/env node");
    expect((await stat(BIN)).mode & 0o111).not.toBe(0);
  });
});

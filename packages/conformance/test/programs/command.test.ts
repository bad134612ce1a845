/** The command: what it prints, and its exit codes. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { main } from "../../src/command.js";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const BIN = fileURLToPath(new URL("../../bin/session-archiver-conformance.js", import.meta.url));

interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

async function command(...args: string[]): Promise<Ran> {
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (line: string): void => void printed.push(line);
  const printError = (line: string): void => void errors.push(line);
  const code = await main(args, { print, printError });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}

test("an adapter that passes: a line for each case, a summary, 0", async () => {
  const { code, printed, errors } = await command(fixture("memory-adapter.ts"), "--only", "Objects: compare-and-swap");
  expect(printed).toMatch(/^ok {4}Objects: compare-and-swap: get of an absent object gives undefined \(\d+ ms\)$/m);
  expect(printed).toMatch(/\n12 passed, 0 failed, 0 skipped$/);
  expect([code, errors]).toEqual([0, ""]);
});

test("an adapter that fails: what was wrong, 1; cases for other ports are skipped", async () => {
  const { code, printed } = await command(
    fixture("broken-adapter.ts"),
    "--only",
    ": CONFLICT if the entry is there, which",
  );
  expect(printed.split("\n")).toEqual([
    "skip  Writing: create-only: blobs.create: CONFLICT if the entry is there, which stays as it is (needs blobs)",
    "FAIL  Writing: create-only: archives.put: CONFLICT if the entry is there, which stays as it is",
    "      the second write: expected it to reject with CONFLICT, but it resolved.",
    "",
    "0 passed, 1 failed, 1 skipped",
  ]);
  expect(code).toBe(1);
});

test("--json prints one document", async () => {
  const { code, printed } = await command("--json", fixture("broken-adapter.ts"), "--only", ": CONFLICT if the entry");
  expect(JSON.parse(printed)).toMatchObject({
    module: fixture("broken-adapter.ts"),
    offers: ["archives"],
    passed: 0,
    failed: 2,
    skipped: 2,
    results: [
      { outcome: "skipped", missing: ["blobs"] },
      { outcome: "skipped" },
      { outcome: "failed", error: "the second write: expected it to reject with CONFLICT, but it resolved." },
      { outcome: "failed", concern: "Writing: create-only", durationMs: expect.any(Number) },
    ],
  });
  expect(code).toBe(1);
});

test("--histories runs random histories, from the seed on", async () => {
  const args = ["--histories", "2", "--seed", "3", "--only", "archives do", fixture("memory-adapter.ts")];
  const { code, printed } = await command(...args);
  expect(printed).toMatch(/^ok {4}Random histories: archives do what the model does \(\d+ ms\)\n\n1 passed, 0 failed/);
  expect(code).toBe(0);
});

test("--help prints the usage, 0", async () => {
  expect(await command("--help")).toMatchObject({ code: 0, printed: expect.stringContaining("Usage:"), errors: "" });
});

test.each([
  ["no module", [], "Name one adapter module."],
  ["two modules", ["a.js", "b.js"], "Name one adapter module."],
  ["an unknown option", ["--nonsense"], "--nonsense"],
  ["a bad timeout", [fixture("memory-adapter.ts"), "--timeout", "soon"], "--timeout must be a number of milliseconds"],
  ["no histories", [fixture("memory-adapter.ts"), "--histories", "0"], "--histories must be a whole number"],
  [
    "a text in no line",
    [fixture("memory-adapter.ts"), "--only", "no such case"],
    'No case\'s line contains "no such case".',
  ],
  ["a module that is not there", [fixture("absent.ts")], "absent.ts"],
  ["a module without setup", [fixture("no-adapter.ts")], 'must export a function "setup"'],
  ["offers there are not", [fixture("wrong-offers.ts")], "must list what the adapter offers"],
])("%s: what is wrong and the usage, 2", async (_, args, problem) => {
  const { code, printed, errors } = await command(...args);
  expect([code, printed]).toEqual([2, ""]);
  expect(errors).toContain(problem);
  expect(errors).toContain("Usage:");
});

test("only cases that are skipped: nothing was tested, 2", async () => {
  const { code, printed } = await command(fixture("memory-adapter.ts"), "--only", "Two instances");
  expect(printed).toMatch(/0 passed, 0 failed, \d skipped$/);
  expect(code).toBe(2);
});

test("the executable runs the command and exits with its code", async () => {
  const hooks = new URL("../fixtures/run-from-sources.mjs", import.meta.url).href;
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [...FROM_SOURCES, "--import", hooks, BIN, ...args]);
  const { stdout } = await run("--only", "compare-and-swap", fixture("memory-adapter.ts"));
  expect(stdout).toContain("12 passed, 0 failed, 0 skipped");
  await expect(run("--only", "create-only", fixture("broken-adapter.ts"))).rejects.toMatchObject({ code: 1 });
  await expect(run()).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
});

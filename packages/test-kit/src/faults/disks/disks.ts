/** Disks that fail, for stores of any kind: each scenario runs in a process of its own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES, outputOf } from "../../machine/index.js";
import { makeOutputs } from "../kills/make-outputs.js";
import { seeded } from "../kills/random.js";
import type { FullSweep } from "./full-sweep.js";
import type { Attempt } from "./trial.js";

const SCENARIOS = fileURLToPath(new URL("scenarios.ts", import.meta.url));
const FULL_SWEEP = fileURLToPath(new URL("full-sweep.ts", import.meta.url));
const FAILING_CALLS = fileURLToPath(new URL("failing-calls.c", import.meta.url));

/** Runs in a mount namespace of its own, as root of a user namespace or of the machine. */
const NAMESPACES: readonly (readonly string[])[] = [["-rm"], ["-m"]];
const namespace = NAMESPACES.find((flags) => {
  return spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "none", tmpdir()]).status === 0;
});
/** Whether this machine allows tests to mount a file system. */
export const canMount: boolean = namespace !== undefined;
export const NO_MOUNT = "no file system can be mounted here (unshare): full and read-only disks are not tested";

/** Whether there is a compiler for the library that makes system calls fail. */
export const canFailCalls: boolean = process.platform === "linux" && spawnSync("gcc", ["--version"]).status === 0;
export const NO_COMPILER = "there is no gcc here: failing system calls are not tested";

export interface DiskAttempt extends Attempt {
  readonly at?: string;
}

/** The outcomes, each once, sorted. */
export function outcomesOf(attempts: readonly DiskAttempt[]): readonly string[] {
  return [...new Set(attempts.map(({ outcome }) => outcome))].sort();
}

/** Runs `script` with a file system of this size. Its first argument is the folder where the file system is mounted. */
export async function onSmallDisk(
  size: string,
  script: string,
  args: (mounted: string) => readonly string[],
): Promise<readonly string[]> {
  return inFolder(async (folder) => {
    const mounted = join(folder, "disk");
    await mkdir(mounted);
    const words = [process.execPath, ...FROM_SOURCES, script, ...args(mounted)];
    const mount = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"';
    return run("unshare", [...(namespace ?? []), "bash", "-c", mount, "-", size, mounted, ...words], {});
  });
}

/** `open`: URL of the module that opens the store. */
export async function fullDisk(open: string): Promise<readonly DiskAttempt[]> {
  return withSource(async (source) =>
    attemptsIn(await onSmallDisk("6m", SCENARIOS, (mounted) => [open, join(mounted, "store"), "full", source])),
  );
}

/** A sweep of a disk that is full but for `left` bytes. */
export async function sweepOfFullDisk(open: string, left: number): Promise<FullSweep> {
  const lines = await onSmallDisk("6m", FULL_SWEEP, (mounted) => [open, join(mounted, "store"), String(left)]);
  return JSON.parse(lines.at(-1) ?? "") as FullSweep;
}

export async function readOnlyDisk(open: string): Promise<readonly DiskAttempt[]> {
  return withSource(async (source) =>
    attemptsIn(
      await onSmallDisk("6m", SCENARIOS, (mounted) => [open, join(mounted, "store"), "read-only", source, mounted]),
    ),
  );
}

/** `errno`: the error of each system call in turn. `on`: all later calls fail too, until the disk is repaired. */
export async function failingCalls(open: string, errno: number, mode: "once" | "on"): Promise<readonly DiskAttempt[]> {
  return withSource(async (source, folder) => {
    const library = join(folder, "failing-calls.so");
    execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-o", library, FAILING_CALLS, "-ldl"]);
    const directory = join(folder, "store");
    const env = { LD_PRELOAD: library, FAULTS_IN: directory, FAULTS_CONTROL: join(folder, "control") };
    const words = [...FROM_SOURCES, SCENARIOS, open, directory, "calls", source, `${errno} ${mode}`];
    return attemptsIn(await run(process.execPath, words, env));
  });
}

export async function noDescriptors(open: string): Promise<readonly DiskAttempt[]> {
  return withSource(async (source, folder) => {
    const words = [process.execPath, ...FROM_SOURCES, SCENARIOS, open, join(folder, "store"), "descriptors", source];
    return attemptsIn(await run("bash", ["-c", 'ulimit -n 60 && exec "$@"', "-", ...words], {}));
  });
}

async function withSource<T>(work: (source: string, folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const source = join(folder, "source.jsonl");
    await makeOutputs([source], seeded(1));
    return work(source, folder);
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "session-archiver-disk-")));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function attemptsIn(lines: readonly string[]): readonly DiskAttempt[] {
  return lines.map((line) => JSON.parse(line) as DiskAttempt);
}

/** Gives the lines on stdout. If the process fails, rejects with the text on stderr. */
async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const { exitCode, stdout, stderr } = await outputOf(child);
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (exitCode !== 0) throw new Error(`It ended with ${exitCode}, after ${lines.slice(-3).join(" ")}\n${stderr}`);
  return lines;
}

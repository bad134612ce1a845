/** Disks that fail, for stores of any kind: each scenario in a process of its own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "../../machine/index.js";
import { makeOutputs } from "../kills/make-outputs.js";
import { seeded } from "../kills/random.js";
import type { Attempt } from "./trial.js";

const SCENARIOS = fileURLToPath(new URL("scenarios.ts", import.meta.url));
const FAILING_CALLS = fileURLToPath(new URL("failing-calls.c", import.meta.url));

/** In a mount namespace of its own, as the root of a user namespace or as the machine's. */
const NAMESPACES: readonly (readonly string[])[] = [["-rm"], ["-m"]];
const namespace = NAMESPACES.find((flags) => {
  return spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "none", tmpdir()]).status === 0;
});
/** Whether this machine lets us mount a file system of our own. */
export const canMount: boolean = namespace !== undefined;
export const NO_MOUNT = "no file system can be mounted here (unshare): full and read-only disks are not tested";

/** Whether there is a compiler for the library that makes system calls fail. */
export const canFailCalls: boolean = process.platform === "linux" && spawnSync("gcc", ["--version"]).status === 0;
export const NO_COMPILER = "there is no gcc here: failing system calls are not tested";

export interface DiskAttempt extends Attempt {
  readonly at?: string;
}

/** Each once, in order. */
export function outcomesOf(attempts: readonly DiskAttempt[]): readonly string[] {
  return [...new Set(attempts.map(({ outcome }) => outcome))].sort();
}

/** On a file system of this size; `script` gets the arguments, with the folder in which it is mounted first. */
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

export async function readOnlyDisk(open: string): Promise<readonly DiskAttempt[]> {
  return withSource(async (source) =>
    attemptsIn(
      await onSmallDisk("6m", SCENARIOS, (mounted) => [open, join(mounted, "store"), "read-only", source, mounted]),
    ),
  );
}

/** `errno`: of each system call in turn. `on`: of all that follow as well, until the disk is repaired. */
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

/** The lines on stdout; rejects with what is on stderr if it fails. */
async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    text.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.stderr += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  const lines = text.stdout.split("\n").filter((line) => line !== "");
  if (code !== 0) throw new Error(`It ended with ${code}, after ${lines.slice(-3).join(" ")}\n${text.stderr}`);
  return lines;
}

/** Modules run in a runtime, a few at a time. */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { promisify } from "node:util";
import type { Runtime } from "./runtimes.ts";

/** Only what hangs takes longer, also on a busy machine. */
const LIMIT_MS = 1_200_000;

export interface Job {
  readonly runtime: Runtime;
  readonly module: string;
  readonly args?: readonly string[];
  /** Becomes the home folder, too. */
  readonly cwd: string;
  /** For the error. */
  readonly title: string;
}

/** What the module prints. Rejects with that and its errors, if it fails. */
export async function run({ runtime, module, args = [], cwd, title }: Job): Promise<string> {
  const [command = "", ...before] = runtime.command;
  const env = {
    ...process.env,
    HOME: cwd,
    USERPROFILE: cwd,
    SESSION_ARCHIVER_HOME: undefined,
    SESSION_ARCHIVER_STORE: undefined,
    SESSION_ARCHIVER_ARCHIVES: undefined,
    TMPDIR: temporary(runtime),
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
  };
  const options = { cwd, env, timeout: LIMIT_MS, maxBuffer: 2 ** 26 };
  try {
    return (await promisify(execFile)(command, [...before, module, ...args], options)).stdout;
  } catch (error) {
    const { stdout = "", stderr = "", signal } = error as { stdout?: string; stderr?: string; signal?: string };
    const ended = signal ? `is ended by ${signal}` : "fails";
    throw new Error(`${title} ${ended} on ${runtime.name}:\n${stdout.slice(-3000)}${stderr.slice(-5000)}`);
  }
}

/** Runs all, as many at a time as there are cores; rejects with the first failure. */
export async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** The runtimes are under test, and not how long their disk takes to sync. */
function temporary({ name }: Runtime): string {
  // Below /dev, Deno wants to be allowed everything.
  if (name.startsWith("Deno")) return tmpdir();
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

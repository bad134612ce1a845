/** Child processes that work on a store. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

export interface Worker {
  readonly process: ChildProcess;
  /** What it prints. */
  readonly lines: AsyncIterable<string>;
}

/** `limit`: the largest file it may write, in units of 1,024 bytes. */
export function start(directory: string, task: string, argument: number | string = "", limit?: number): Worker {
  const command = [process.execPath, ...FROM_SOURCES, CHILD, directory, task, String(argument)];
  const limited = limit === undefined ? command : ["bash", "-c", `ulimit -f ${limit}; exec "$@"`, "-", ...command];
  const [file = "", ...args] = limited;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  return { process: child, lines: createInterface({ input: child.stdout }) };
}

/** All it printed; rejects if it fails. */
export async function finish(worker: Worker): Promise<string[]> {
  const exited = once(worker.process, "exit");
  const lines: string[] = [];
  for await (const line of worker.lines) lines.push(line);
  const [code, signal] = await exited;
  if (code !== 0) throw new Error(`A child process ended with ${code ?? signal}.`);
  return lines;
}

/** Kills it as a crash would, once it has printed this many lines and `more` is done; or waits until it kills itself. */
export async function killAfter(
  worker: Worker,
  count: number | undefined,
  more: () => Promise<unknown>,
): Promise<string[]> {
  const exited = once(worker.process, "exit");
  const lines: string[] = [];
  for await (const line of worker.lines) {
    if (lines.push(line) !== count) continue;
    await more();
    worker.process.kill("SIGKILL");
  }
  const [, signal] = await exited;
  if (signal !== "SIGKILL") throw new Error("A child process ended before it was killed.");
  return lines;
}

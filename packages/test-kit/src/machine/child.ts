/** Child processes that do one step after the other, and print a line for each. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { FROM_SOURCES } from "./from-sources.js";

export interface Child {
  readonly process: ChildProcess;
  /** The lines that it prints from now on. */
  readonly lines: AsyncIterableIterator<string>;
  /** The next line it prints. Rejects if it ends without one. */
  heard(): Promise<string>;
  /** Lets it continue if it waits for a line on stdin. */
  tell(): void;
  /** Kills it as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits for its end. Gives its exit code, or the signal that ended it. */
  done(): Promise<number | NodeJS.Signals | null>;
}

/** Runs a script from its sources. `mostKib`: the largest file it may write, in units of 1,024 bytes. */
export function startChild(script: string, args: readonly string[], mostKib?: number): Child {
  const command = [process.execPath, ...FROM_SOURCES, script, ...args];
  const limited = mostKib === undefined ? command : ["bash", "-c", `ulimit -f ${mostKib}; exec "$@"`, "-", ...command];
  const [file = "", ...words] = limited;
  const child = spawn(file, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const done: Child["done"] = async () => {
    const [code, signal] = await exit;
    return code ?? signal;
  };
  return {
    process: child,
    lines,
    async heard() {
      const { value, done: ended } = await lines.next();
      if (ended) throw new Error("The child process ended without a line.");
      return value;
    },
    tell: () => void child.stdin.write("go on\n"),
    async kill() {
      child.kill("SIGKILL");
      await exit;
    },
    done,
  };
}

/** Everything that it printed. Rejects if it fails. */
export async function finish(child: Child): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of child.lines) lines.push(line);
  const end = await child.done();
  if (end !== 0) throw new Error(`A child process ended with ${end}.`);
  return lines;
}

/**
 * Kills it once it has printed this many lines and `more` is done; or waits until it kills itself. Gives everything that it
 * printed.
 */
export async function killAfter(
  child: Child,
  count: number | undefined,
  more: () => Promise<unknown>,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of child.lines) {
    if (lines.push(line) !== count) continue;
    await more();
    child.process.kill("SIGKILL");
  }
  if ((await child.done()) !== "SIGKILL") throw new Error("A child process ended before it was killed.");
  return lines;
}

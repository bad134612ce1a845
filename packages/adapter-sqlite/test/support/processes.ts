import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { onTestFinished } from "vitest";

export interface Child {
  /** The next line it says. */
  heard(): Promise<string>;
  /** Lets it go on from where it waits. */
  tell(): void;
  kill(): Promise<void>;
  /** Resolves to its exit code. */
  done(): Promise<number | null>;
}

/** Starts a task of `child.ts` in a process of its own. */
export function startChild(task: string, file: string, name = ""): Child {
  return start("child.ts", task, file, name);
}

/** Starts `read-only-child.ts`. */
export function startReader(file: string): Child {
  return start("read-only-child.ts", file);
}

function start(script: string, ...words: readonly string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [...FROM_SOURCES, path, ...words],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit") as Promise<[number | null]>;
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    async heard() {
      const { value, done } = await lines.next();
      if (done) throw new Error("The child ended without a word.");
      return value;
    },
    tell: () => void child.stdin.write("go on\n"),
    async kill() {
      child.kill("SIGKILL");
      await exit;
    },
    done: async () => (await exit)[0],
  };
}

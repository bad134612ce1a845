/** Child processes that work on a database, killed after the test at the latest. */
import { fileURLToPath } from "node:url";
import { type Child, startChild as startScript } from "@session-archiver/test-kit/machine";
import { onTestFinished } from "vitest";

/** Starts a task of `child.ts`. */
export function startChild(task: string, file: string, name = ""): Child {
  return start("child.ts", task, file, name);
}

/** Starts `read-only-child.ts`. */
export function startReader(file: string): Child {
  return start("read-only-child.ts", file);
}

function start(script: string, ...words: readonly string[]): Child {
  const child = startScript(fileURLToPath(new URL(script, import.meta.url)), words);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

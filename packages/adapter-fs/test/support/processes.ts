/** Child processes that work on a store. */
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "@session-archiver/test-kit/machine";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** `mostKib`: the largest file it may write, in units of 1,024 bytes. */
export function start(directory: string, task: string, argument: number | string = "", mostKib?: number): Child {
  return startChild(CHILD, [directory, task, String(argument)], mostKib);
}

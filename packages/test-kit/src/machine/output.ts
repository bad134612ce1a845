/** Everything that a process prints until it ends. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Output {
  /** `null` if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The process's stdout and stderr must be pipes. */
export async function outputOf(child: ChildProcess): Promise<Output> {
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      text[name] += chunk.toString();
    });
  }
  const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, ...text };
}

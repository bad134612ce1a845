/** Runs another program and measures it from outside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { watchPeak } from "./peak.js";
import { type Sample, secondsSince } from "./sample.js";

export interface Command {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The file for its output, which is created. */
  readonly output: string;
  /** Flushes the output to the disk within the measured time. */
  readonly durable?: boolean;
  /** Exit codes besides 0 that are no failure: programs that search end with 1 if they find nothing. */
  readonly alsoFine?: readonly number[];
}

/** Rejects if it fails. */
export async function runTool({ tool, args, env, output, durable = false, alsoFine = [] }: Command): Promise<Sample> {
  const file = await open(output, "w");
  try {
    const started = performance.now();
    const child = spawn(tool, args, { stdio: ["ignore", file.fd, "inherit"], env: { ...process.env, ...env } });
    const watch = child.pid === undefined ? undefined : watchPeak(child.pid);
    try {
      const [code, signal] = await once(child, "exit");
      if (code !== 0 && !alsoFine.includes(code))
        throw new Error(`${tool} ended with ${signal ?? `exit code ${code}`}.`);
      if (durable) await file.sync();
      const seconds = secondsSince(started);
      return { seconds, peakMiB: await watch?.stop() };
    } finally {
      await watch?.stop();
    }
  } finally {
    await file.close();
  }
}

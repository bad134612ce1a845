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
  /** Where its output goes; created. */
  readonly output: string;
  /** The output's bytes are flushed to the disk, within the time measured. */
  readonly durable?: boolean;
}

/** Rejects if it does not end with exit code 0. */
export async function runTool({ tool, args, env, output, durable = false }: Command): Promise<Sample> {
  const file = await open(output, "w");
  try {
    const started = performance.now();
    const child = spawn(tool, args, { stdio: ["ignore", file.fd, "inherit"], env: { ...process.env, ...env } });
    const watch = child.pid === undefined ? undefined : watchPeak(child.pid);
    try {
      const [code, signal] = await once(child, "exit");
      if (code !== 0) throw new Error(`${tool} ended with ${signal ?? `exit code ${code}`}.`);
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

/** Runs the built command line in its own process. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { watchPeak } from "./peak.js";
import { type Sample, secondsSince } from "./sample.js";

export const BIN: string = fileURLToPath(
  new URL("bin/session-archiver.js", import.meta.resolve("@session-archiver/cli/package.json")),
);

export interface CliRun extends Sample {
  /** The hash of its standard output. */
  readonly sha256: string;
}

/** Rejects unless it exits with 0. */
export async function runCli(args: readonly string[]): Promise<CliRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const watch = child.pid === undefined ? undefined : watchPeak(child.pid);
  try {
    const hash = createHash("sha256");
    const exit = once(child, "exit");
    await pipeline(child.stdout, hash);
    const [code, signal] = await exit;
    if (code !== 0) throw new Error(`session-archiver ${args.join(" ")} ended with ${signal ?? `exit code ${code}`}.`);
    return { seconds: secondsSince(started), peakMiB: await watch?.stop(), sha256: hash.digest("hex") };
  } finally {
    await watch?.stop();
  }
}

/** Runs one command in a process of its own: how long it took and how much memory it ever held. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(
  new URL("bin/session-archiver.js", import.meta.resolve("@session-archiver/cli/package.json")),
);
const PRELOAD = new URL("report-peak.js", import.meta.url).href;

export interface Measurement {
  readonly seconds: number;
  /** Peak resident memory of the process, MiB. */
  readonly peakMiB: number;
  readonly sha256: string;
  readonly outputBytes: number;
}

export async function measure(peakFile: string, args: readonly string[]): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", PRELOAD, BIN, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PEAK_FILE: peakFile },
  });
  const hash = createHash("sha256");
  let outputBytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    outputBytes += chunk.length;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`session-archiver ${args.join(" ")} ended with exit code ${code}`);
  return {
    seconds: (performance.now() - started) / 1000,
    peakMiB: Number(await readFile(peakFile, "utf8")) / 1024,
    sha256: hash.digest("hex"),
    outputBytes,
  };
}

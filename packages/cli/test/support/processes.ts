/** Runs the program's sources as a separate process that may be killed. */
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES, outputOf } from "@session-archiver/test-kit/machine";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const HOME = "home";

export interface Outcome {
  readonly words: readonly string[];
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All error codes in its JSON document. */
  readonly codes: readonly string[];
}

export interface RunOptions {
  /** Kills the process, unless it has ended. */
  readonly killAfterMs?: number;
  /** Called when it first writes to stderr, or ends. */
  onBegun?(): void;
}

/** The cache of compiled code for all runs; a process writes it when it ends normally. */
export async function runProcess(
  cwd: string,
  words: readonly string[],
  { killAfterMs, onBegun }: RunOptions = {},
): Promise<Outcome> {
  const env = {
    ...process.env,
    SESSION_ARCHIVER_HOME: HOME,
    SESSION_ARCHIVER_STORE: undefined,
    SESSION_ARCHIVER_ARCHIVES: undefined,
    NODE_COMPILE_CACHE: join(tmpdir(), "session-archiver-compiled"),
  };
  const child = spawn(process.execPath, [...FROM_SOURCES, MAIN, ...words, "--json"], {
    ...{ cwd, env, stdio: ["ignore", "pipe", "pipe"] },
  });
  child.stderr.on("data", () => onBegun?.());
  child.once("close", () => onBegun?.());
  const closed = outputOf(child);
  if (killAfterMs !== undefined) {
    await Promise.race([sleep(killAfterMs), closed]);
    child.kill("SIGKILL");
  }
  const { signal, ...output } = await closed;
  const killed = signal === "SIGKILL";
  return { words, killed, ...output, codes: killed ? [] : codesIn(JSON.parse(output.stdout)) };
}

function codesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(codesIn);
  return "code" in value && typeof value.code === "string" ? [value.code, ...inside] : inside;
}

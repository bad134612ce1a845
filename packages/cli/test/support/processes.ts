/** The program's sources as a process of its own, which may be killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const HOME = "home";

export interface Outcome {
  readonly words: readonly string[];
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All codes of errors in its JSON document. */
  readonly codes: readonly string[];
}

export interface RunOptions {
  /** Unless it has ended by itself. */
  readonly killAfterMs?: number;
  /** Told of the first thing that it writes to stderr, or of its end. */
  onBegun?(): void;
}

/** Compiled code is kept by all runs that end in peace. */
export async function runProcess(
  cwd: string,
  words: readonly string[],
  { killAfterMs, onBegun }: RunOptions = {},
): Promise<Outcome> {
  const env = {
    ...process.env,
    SESSION_ARCHIVER_HOME: HOME,
    NODE_COMPILE_CACHE: join(tmpdir(), "session-archiver-compiled"),
  };
  const child = spawn(process.execPath, [...FROM_SOURCES, MAIN, ...words, "--json"], {
    ...{ cwd, env, stdio: ["ignore", "pipe", "pipe"] },
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    text.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.stderr += chunk.toString();
    onBegun?.();
  });
  child.once("close", () => onBegun?.());
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  if (killAfterMs !== undefined) {
    await Promise.race([sleep(killAfterMs), closed]);
    child.kill("SIGKILL");
  }
  const [exitCode, signal] = await closed;
  const killed = signal === "SIGKILL";
  return { words, killed, exitCode, ...text, codes: killed ? [] : codesIn(JSON.parse(text.stdout)) };
}

function codesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(codesIn);
  return "code" in value && typeof value.code === "string" ? [value.code, ...inside] : inside;
}

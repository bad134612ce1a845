/** The built program as a process of its own. Needs a build. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BIN: string = fileURLToPath(new URL("../../bin/session-archiver.js", import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The same as bytes. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

interface Started {
  readonly cwd: string;
  /** Beside that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Another copy of the program. */
  readonly bin?: string;
}

export function startProgram({ cwd, env = {}, bin = BIN }: Started, ...words: readonly string[]): ChildProcess {
  const own = {
    SESSION_ARCHIVER_HOME: "home",
    SESSION_ARCHIVER_STORE: undefined,
    SESSION_ARCHIVER_ARCHIVES: undefined,
    CLAUDE_CONFIG_DIR: join(cwd, ".claude"),
    CODEX_HOME: join(cwd, ".codex"),
  };
  return spawn(process.execPath, [bin, ...words], {
    cwd,
    env: { ...process.env, ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  const [exitCode] = await once(child, "close");
  const bytes = Buffer.concat(chunks.stdout);
  return {
    exitCode,
    bytes,
    stdout: bytes.toString(),
    stderr: Buffer.concat(chunks.stderr).toString(),
  };
}

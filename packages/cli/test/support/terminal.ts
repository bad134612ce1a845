/** Runs the built program on a real pseudo-terminal. Needs Python 3. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/session-archiver.js", import.meta.url));

export const hasTerminal: boolean = spawnSync("python3", ["-c", "import pty"]).status === 0;
export const hasLess: boolean = spawnSync("less", ["--version"]).status === 0;
export const NO_TERMINAL = "no python3, which makes the terminal, or no less";

/**
 * Runs `argv[4:]` on a terminal of its own, of `argv[2]` rows and `argv[3]` columns. `argv[1]`: what to type, and which
 * text the terminal gets before it is typed. Prints what the terminal got, and ends with the program's exit code.
 */
const DRIVER = `
import os, pty, sys, json, fcntl, termios, struct
steps = json.loads(sys.argv[1])
rows, columns = int(sys.argv[2]), int(sys.argv[3])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[4], sys.argv[4:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
seen, since = b"", b""
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    seen += part
    since += part
    if steps and steps[0][0].encode() in since:
        os.write(fd, steps.pop(0)[1].encode())
        since = b""
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) % 256 if not steps else 99)
`;

export interface OnTerminal {
  /** 99: the screen never showed what was waited for. */
  readonly exitCode: number | null;
  readonly screen: string;
}

export async function onTerminal(
  cwd: string,
  env: Readonly<Record<string, string>>,
  steps: readonly (readonly [shows: string, keys: string])[],
  ...words: string[]
): Promise<OnTerminal> {
  const child = spawn("python3", ["-c", DRIVER, JSON.stringify(steps), "24", "80", process.execPath, BIN, ...words], {
    cwd,
    env: { PATH: process.env["PATH"], TERM: "xterm", LANG: "C.UTF-8", SESSION_ARCHIVER_HOME: "home", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  // The terminal goes with it, and ends what waits there for a key.
  onTestFinished(() => void child.kill("SIGKILL"));
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [exitCode] = await once(child, "close");
  return { exitCode, screen: Buffer.concat(chunks).toString() };
}

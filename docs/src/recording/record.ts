/** Records the README's film: the real program, in a real terminal, on sessions made for it. `record.ts [file]` */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSessions } from "./sessions.js";
import { animated, type Frame } from "./svg.js";
import { openTerminal } from "./terminal.js";

const COLUMNS = 100;
const ROWS = 30;
const PROGRAM = fileURLToPath(new URL("../../../packages/cli/bin/session-archiver.js", import.meta.url));
const PICTURE = fileURLToPath(new URL("../../images/find.svg", import.meta.url));

/** Sessions are swept before; then these are typed. */
const COMMANDS = [
  "session-archiver list --limit 8",
  "session-archiver search last boots",
  "session-archiver show 7c1e5a90",
];
const LABEL = `A terminal in which sessions are listed, one is found by two words, and read: ${COMMANDS.join("; ")}`;

const home = await mkdtemp(join(tmpdir(), "recording-"));
try {
  await writeSessions(home, Date.now());
  await mkdir(join(home, "bin"));
  await symlink(PROGRAM, join(home, "bin/session-archiver"));
  run("session-archiver sweep --source claude-code,codex --yes");
  const frames = await film(COMMANDS);
  const file = resolve(process.argv[2] ?? PICTURE);
  await writeFile(file, animated(frames, COLUMNS, ROWS, LABEL));
  console.log(file);
} finally {
  await rm(home, { recursive: true });
}

/** Runs a command in a terminal of its own, and gives what it prints there. */
function run(command: string): string {
  const { PATH = "" } = process.env;
  const { stdout, status, error } = spawnSync("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: home,
    encoding: "utf8",
    env: {
      PATH: `${join(home, "bin")}:${PATH}`,
      HOME: home,
      TERM: "xterm-256color",
      PAGER: "cat",
      COLUMNS: String(COLUMNS),
      LANG: "C.UTF-8",
      TZ: "UTC",
    },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}`);
  return stdout;
}

async function film(commands: readonly string[]): Promise<readonly Frame[]> {
  const terminal = openTerminal(COLUMNS, ROWS);
  const frames: Frame[] = [];
  const keep = (seconds: number): void => void frames.push({ screen: terminal.screen(), seconds });
  for (const command of commands) {
    await terminal.print("\u001b[32m$\u001b[0m ");
    keep(0.6);
    for (const word of command.split(/(?<= )/)) {
      await terminal.print(word);
      keep(0.25);
    }
    await terminal.print(`\n${run(command)}\n`);
    keep(4);
  }
  return frames;
}

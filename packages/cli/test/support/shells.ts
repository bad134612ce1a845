/** Shells with the program's completion, as a person has them: on a terminal, with a TAB key. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { onTestFinished } from "vitest";
import type { Cli } from "./cli.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
export const SCRIPTS = {
  bash: join(PACKAGE, "completions/session-archiver.bash"),
  zsh: join(PACKAGE, "completions/_session-archiver"),
  fish: join(PACKAGE, "completions/session-archiver.fish"),
} as const;

export type ShellName = keyof typeof SCRIPTS;

/** `why`: what a skipped test says. `script` makes terminals. */
export function lacking(shell: ShellName): string | undefined {
  const missing = [shell, "script"].filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  if (process.platform !== "linux") return "the terminals of these tests are made by Linux's `script`";
  return missing.length > 0 ? `there is no ${missing.join(" and no ")} here` : undefined;
}

export interface ShellFolder {
  readonly env: Record<string, string>;
  /** The words that the last command was run with. */
  said(): Promise<readonly string[]>;
}

/** Puts a program of this name before others that completes as the real one does, and only notes its words otherwise. */
export async function shellFolder({ folder }: Cli): Promise<ShellFolder> {
  const said = join(folder, "said");
  const node = [process.execPath, ...FROM_SOURCES, join(PACKAGE, "src/main.ts")].map((word) => `'${word}'`).join(" ");
  const lines = [
    "#!/bin/sh",
    `if [ "$1" = __complete ]; then exec ${node} "$@"; fi`,
    `for word; do printf '%s\\0' "$word"; done > '${said}'`,
    "echo it ran",
  ];
  await writeFile(join(folder, "session-archiver"), `${lines.join("\n")}\n`);
  await chmod(join(folder, "session-archiver"), 0o755);
  const env = {
    PATH: `${folder}:${process.env["PATH"]}`,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_DATA_HOME: folder,
    SESSION_ARCHIVER_HOME: join(folder, "home"),
    LC_ALL: "C.UTF-8",
    TERM: "xterm",
    INPUTRC: "/dev/null",
    NODE_COMPILE_CACHE: join(tmpdir(), "session-archiver-compiled"),
    NO_COLOR: "1",
  };
  return { env, said: async () => (await readFile(said, "utf8")).split("\0").slice(0, -1) };
}

export interface Terminal {
  type(keys: string): void;
  /** Waits until this is shown after what was waited for before; resolves to all until there. */
  shows(what: RegExp): Promise<string>;
}

/** An interactive shell on a terminal of its own. */
export async function openShell(shell: ShellName, cwd: string, { env }: ShellFolder): Promise<Terminal> {
  const commands: Readonly<Record<ShellName, string>> = {
    bash: "bash --norc --noprofile -i",
    zsh: "zsh -f -i",
    fish: "fish --no-config -i",
  };
  const child = spawn("script", ["-qec", commands[shell], "/dev/null"], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  // Before its folder goes: whatever is being typed is given up.
  onTestFinished(async () => {
    terminal.type("\u0015exit\n");
    await ended;
  });
  let seen = "";
  let from = 0;
  let looked = (): void => {};
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    looked();
  });
  const terminal: Terminal = {
    type: (keys) => void child.stdin.write(keys),
    shows: (what) =>
      new Promise((resolve, reject) => {
        looked = () => {
          const rest = seen.slice(from);
          const found = what.exec(rest);
          if (!found) return;
          looked = () => {};
          from += found.index + found[0].length;
          resolve(rest.slice(0, found.index + found[0].length));
        };
        ended.then(() => reject(new Error(`The shell has ended: ${seen.slice(from)}`)));
        looked();
      }),
  };
  const setUp: Readonly<Record<ShellName, string>> = {
    bash: `PS1='> '; bind 'set enable-bracketed-paste off'; source '${SCRIPTS.bash}'`,
    zsh: `PS1='> '; autoload -Uz compinit && compinit -u -d "$HOME/dump"; source '${SCRIPTS.zsh}'`,
    fish: `function fish_prompt; echo '> '; end; source '${SCRIPTS.fish}'`,
  };
  terminal.type(`${setUp[shell]}; echo re''ady\n`);
  await terminal.shows(/ready/);
  return terminal;
}

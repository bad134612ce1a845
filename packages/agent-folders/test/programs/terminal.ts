/** A program at a terminal, as a person would use it: what it shows, without colours and the like. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { FakeHome } from "./fake-home.js";

export interface Terminal {
  /** Resolves when these words have been on the screen. Rejects if the program ends without. */
  shows(words: string): Promise<void>;
  /** Ends the program, and waits for that. */
  close(): Promise<void>;
}

/** Whether this machine has the program that makes one. */
export const hasTerminals: boolean = existsSync("/usr/bin/script");

/** Positions, colours, titles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
const CONTROLS = /\u001b\[[0-9;?>]*[a-zA-Z]|\u001b\][^\u0007]*\u0007/g;

/** The words of the command must need no quotes within quotes. */
export function openTerminal({ work, env }: Pick<FakeHome, "work" | "env">, command: readonly string[]): Terminal {
  const line = command.map((word) => `'${word}'`).join(" ");
  const child = spawn("/usr/bin/script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    ...{ cwd: work, env: { ...env, TERM: "xterm" }, stdio: ["ignore", "pipe", "ignore"] },
  });
  const exit = once(child, "exit");
  let screen = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    for (const look of waiting) look();
  });
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exit;
  };
  onTestFinished(close);
  return {
    close,
    async shows(words) {
      const shown = Promise.withResolvers<void>();
      const look = (): void => {
        if (screen.replace(CONTROLS, " ").replace(/\s+/g, " ").includes(words)) shown.resolve();
      };
      waiting.add(look);
      look();
      const ended = exit.then(() => Promise.reject(new Error(`It ended without "${words}": ${screen.slice(-2000)}`)));
      await Promise.race([shown.promise, ended]).finally(() => waiting.delete(look));
    },
  };
}

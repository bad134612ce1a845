/** Programs that start further ones: all of them end together. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";

const POLL_MS = 5;

export interface Group {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** What they have said, for errors. */
  said(): string;
  /** SIGKILL to every one of them; resolves once they are gone. */
  kill(): Promise<void>;
}

/** Starts a program in a process group of its own. None of the group outlives this process. */
export function startGroup(command: readonly string[], env: NodeJS.ProcessEnv): Group {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-5000);
    });
  }
  const exited = once(child, "exit");
  const killAll = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // They are gone.
    }
  };
  process.once("exit", killAll);
  return {
    process: child,
    said: () => said,
    async kill() {
      killAll();
      await exited;
      while (child.pid !== undefined && areLeft(child.pid)) await setTimeout(POLL_MS);
      process.off("exit", killAll);
    },
  };
}

/** Whether any process of the group is left but those that only wait to be asked how they ended. */
function areLeft(group: number): boolean {
  if (!existsSync("/proc")) return false; // only Linux tells
  return readdirSync("/proc").some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , of] = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return Number(of) === group && state !== "Z";
    } catch {
      return false; // it has just gone
    }
  });
}

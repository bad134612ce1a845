/** Programs that start further ones: all of them end together. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Group {
  readonly process: ChildProcess;
  /** What they have said, for errors. */
  said(): string;
  /** SIGKILL to every one of them; resolves once the first is gone. */
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
      process.off("exit", killAll);
    },
  };
}

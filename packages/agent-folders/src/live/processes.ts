/** Processes of this machine, as far as it shows them to us. */
import { readFile, readlink } from "node:fs/promises";
import { systemCode } from "../files/system-errors.js";

export interface Processes {
  /**
   * Names the set of process ids that is seen from here: the machine and the namespace, in the form in which Claude Code
   * notes it. `undefined`: this machine doesn't show it, and then a process that isn't found may live elsewhere.
   */
  domain(): Promise<string | undefined>;
  /**
   * When a process was started, in the system's own form. `gone`: there is no such process. `hidden`: there is one, and no more
   * is shown.
   */
  startOf(pid: number): Promise<string | "gone" | "hidden">;
}

/** Linux. On other systems processes count as `hidden` or `gone`, and their domain is unknown. */
export const machineProcesses: Processes = {
  async domain() {
    try {
      // Another `/proc` may be mounted here than that of our own namespace.
      if ((await readlink("/proc/self")) !== String(process.pid)) return undefined;
      const machine = (await readFile("/etc/machine-id", "utf8")).trim();
      const namespace = await readlink("/proc/self/ns/pid");
      return machine === "" || namespace === "" ? undefined : `linux:${machine}:${namespace}`;
    } catch {
      return undefined;
    }
  },
  async startOf(pid) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // Any other error than this one says that the process exists.
      if (systemCode(error) === "ESRCH") return "gone";
    }
    try {
      return startIn(await readFile(`/proc/${pid}/stat`, "latin1")) ?? "hidden";
    } catch {
      return "hidden";
    }
  },
};

/** Field 22: clock ticks since the machine's start. The second, the command, stands in brackets and may hold any character. */
function startIn(stat: string): string | undefined {
  const afterCommand = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return afterCommand[19];
}

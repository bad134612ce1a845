/** Peak resident memory of processes, from `/proc`. Without `/proc` only this process can be measured. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

const EVERY_MS = 20;

/** The peak of this process so far, MiB. `maxRSS` is the last resort: Linux includes the parent's memory at the fork. */
export function ownPeakMiB(): number {
  try {
    const peak = peakIn(readFileSync("/proc/self/status", "utf8"));
    if (peak !== undefined) return peak;
  } catch {
    // no such file system
  }
  return process.resourceUsage().maxRSS / 1024;
}

/**
 * Watches a process and its descendants until stopped. `stop` returns the sum of their peaks, MiB, or `undefined` if there
 * was no sample. Memory that is allocated in the last 20 ms of a process may be missed.
 */
export function watchPeak(pid: number): { stop(): Promise<number | undefined> } {
  const peaks = new Map<number, number>();
  const look = async (id: number): Promise<void> => {
    try {
      const [status, children] = await Promise.all([
        readFile(`/proc/${id}/status`, "utf8"),
        readFile(`/proc/${id}/task/${id}/children`, "utf8").catch(() => ""),
      ]);
      const peak = peakIn(status);
      if (peak !== undefined) peaks.set(id, peak);
      await Promise.all(
        children
          .split(" ")
          .filter(Boolean)
          .map((child) => look(Number(child))),
      );
    } catch {
      // It has ended, or there is no /proc.
    }
  };
  let looking = look(pid);
  const timer = setInterval(() => {
    looking = look(pid);
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return peaks.size === 0 ? undefined : peaks.values().reduce((sum, peak) => sum + peak, 0);
    },
  };
}

/** In MiB; a zombie's status has no such line. */
function peakIn(status: string): number | undefined {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

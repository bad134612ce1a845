/**
 * Locks are the operating system's: it releases them when their holder dies, however it dies. So no dead process leaves one,
 * and a lock file that lies there means nothing. What can go wrong is a holder that has been stopped and not continued, and
 * something else in the lock file's place.
 */
import type { Stats } from "node:fs";
import { join } from "node:path";
import { areasOf, type DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { lstatOf } from "./stats.js";

export async function* lockFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  const files = areasOf(places).flatMap(({ kind, folder, file = "" }) =>
    // A database's writer holds a lock on the index of its log; where there is no log, on the database.
    kind === "database" ? [join(folder, file), join(folder, `${file}-shm`)] : [join(folder, ".lock")],
  );
  for (const file of files) {
    const stats = lstatOf(file);
    if (!stats) continue;
    if (file.endsWith(".lock") && (!stats.isFile() || stats.size > 0)) yield foreign(file);
    const pid = await stoppedHolder(stats, places);
    if (pid !== undefined) yield stopped(file, pid);
  }
}

async function stoppedHolder({ ino, dev }: Stats, { probes }: DoctorPlaces): Promise<number | undefined> {
  for (const { pid, inode, device, isWrite } of await probes.locks()) {
    if (isWrite && inode === ino && device === deviceName(dev) && (await probes.isStopped(pid))) return pid;
  }
  return undefined;
}

/** `fe:00`, as Linux writes a device's two numbers. */
export function deviceName(dev: number): string {
  const major = Math.floor(dev / 0x100) & 0xfff;
  const minor = (dev & 0xff) | (Math.floor(dev / 0x1000) & 0xfff00);
  return [major, minor].map((number) => number.toString(16).padStart(2, "0")).join(":");
}

function stopped(file: string, pid: number): Finding {
  return {
    kind: "lock-held",
    severity: "warning",
    message: `Process ${pid} holds the store's lock ("${file}") and has been stopped, as by Ctrl-Z. All others wait for it in vain.`,
    sessions: [],
    remedy: `continue it (kill -CONT ${pid}), or end it; the lock is released either way, and nothing is lost`,
  };
}

function foreign(file: string): Finding {
  return {
    kind: "lock-foreign",
    severity: "warning",
    message: `"${file}" is not the store's lock, which is an empty file. Commands that write may fail.`,
    sessions: [],
    remedy: "see what it is, and move it away while no program uses the store",
  };
}

/** What doctor asks the machine. A test can't have all of it for real, so it may answer in the machine's place. */
import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import { type Mount, mountsOfLinux, mountsOfMac } from "./mounts.js";

export interface Space {
  /** Bytes that this user may still write. */
  readonly freeBytes: number;
  /** Files that can still be made; `null` where the file system makes room for them as needed. */
  readonly freeFiles: number | null;
}

/** A lock that a process holds on a file. */
export interface HeldLock {
  readonly pid: number;
  readonly inode: number;
  /** `major:minor`, in hexadecimal digits. */
  readonly device: string;
  readonly isWrite: boolean;
}

export interface Probes {
  /** Unix ms. */
  now(): number;
  /** `undefined` where files have no owners. */
  uid(): number | undefined;
  /** The mounted file systems, later ones over earlier ones; empty where they can't be known. */
  mounts(): Promise<readonly Mount[]>;
  /** Of the file system on which this path is. */
  space(path: string): Promise<Space>;
  /** The files in the folder whose bytes are elsewhere, as far as the system says so. Fetches none of them. */
  dataless(folder: string): Promise<readonly string[]>;
  /** Empty where the system doesn't say. */
  locks(): Promise<readonly HeldLock[]>;
  /** Whether the process exists, but has been stopped, as by Ctrl-Z. */
  isStopped(pid: number): Promise<boolean>;
}

const MOST_OUTPUT = 64 * 1024 * 1024;

/** Answers for this machine. What can't be found out is left out: no question throws but `space`. */
export function realProbes(platform: NodeJS.Platform = process.platform): Probes {
  return {
    now: Date.now,
    uid: () => process.getuid?.(),
    async mounts() {
      if (platform === "linux") return mountsOfLinux(await textOf("/proc/self/mountinfo"));
      return platform === "darwin" ? mountsOfMac(await outputOf("/sbin/mount", [])) : [];
    },
    async space(path) {
      const { bavail, bsize, files, ffree } = await statfs(path);
      return { freeBytes: bavail * bsize, freeFiles: files > 0 ? ffree : null };
    },
    async dataless(folder) {
      if (platform !== "darwin") return [];
      const found = await outputOf("/usr/bin/find", ["-H", folder, "-type", "f", "-flags", "+dataless", "-print0"]);
      return found.split("\0").filter((path) => path !== "");
    },
    locks: async () => (platform === "linux" ? locksIn(await textOf("/proc/locks")) : []),
    async isStopped(pid) {
      // The state follows the program's name, which is in brackets and may hold any text.
      const stat = platform === "linux" ? await textOf(`/proc/${pid}/stat`) : "";
      return /^[Tt] /.test(stat.slice(stat.lastIndexOf(")") + 2));
    },
  };
}

const LOCK = /^\d+: \w+ +\w+ +(READ|WRITE) +(\d+) +([0-9a-f]+:[0-9a-f]+):(\d+) /;

/** `/proc/locks`. Lines of those who wait for a lock have an arrow, and are passed over. */
export function locksIn(text: string): readonly HeldLock[] {
  return text.split("\n").flatMap((line) => {
    const [, kind, pid = "", device = "", inode = ""] = LOCK.exec(line) ?? [];
    return kind === undefined ? [] : [{ pid: Number(pid), inode: Number(inode), device, isWrite: kind === "WRITE" }];
  });
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, [...args], { maxBuffer: MOST_OUTPUT }, (error, stdout) => resolve(error ? "" : stdout));
  });
}

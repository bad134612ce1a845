/** One pass over all processes: which files they have open. */
import type { Proc } from "./proc.js";

export interface Self {
  readonly platform: string;
  readonly pid: number;
  /** Effective user id; absent on systems without. */
  readonly uid: number | undefined;
}

export interface Pass {
  /** A process other than ours has it open, or has memory that is shared with it. */
  has(identity: string): boolean;
  /** Why the pass proves nothing about files that it has not seen: a process that may write could not be looked at. */
  readonly blind?: string | undefined;
}

/** Processes that begin during a pass are looked at in a further round, until there are no new ones. */
const ROUNDS_MAX = 20;
const TRIES_MAX = 5;
/** The event loop gets its turn after this many processes. */
const SLICE = 16;
const SHARED_MAPPING = /^\S+ ..[-x]s \S+ \S+ (\d+)/gm;
/** They serve files to other machines from within the kernel, without descriptors. */
const KERNEL_SERVERS = ["nfsd", "ksmbd"];

export async function lookAtProcesses(proc: Proc, self: Self): Promise<Pass> {
  const open = new Set<string>();
  const mapped = new Set<string>();
  const done = new Set([self.pid]);
  let blind: string | undefined;
  const has = (identity: string) => open.has(identity) || mapped.has(identity.slice(identity.indexOf(":") + 1));
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const all = proc.pids();
    // Mounted with `hidepid=2`, `/proc` leaves out what we may not look at, also processes of our own user.
    if (!all.includes(1)) blind = "processes are hidden (hidepid)";
    const fresh = all.filter((pid) => !done.has(pid));
    if (fresh.length === 0) return { has, blind };
    for (const [index, pid] of fresh.entries()) {
      done.add(pid);
      blind = lookAtProcess(proc, self, pid, open, mapped) ?? blind;
      if (index % SLICE === SLICE - 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { has, blind: "new processes kept coming" };
}

/** Why it could not be looked at, if it had to be. */
function lookAtProcess(
  proc: Proc,
  self: Self,
  pid: number,
  open: Set<string>,
  mapped: Set<string>,
): string | undefined {
  const status = proc.status(pid);
  if (status === "gone") return undefined;
  if (status === "hidden") return `process ${pid} is hidden`;
  const { name, state, threads, uids, depth } = fieldsOf(status);
  const isOurs = self.uid === 0 || uids.some((uid) => uid === self.uid);
  if (KERNEL_SERVERS.includes(name)) return `${name} serves files to other machines`;
  if (state === "Z" && threads <= 1) return undefined;
  if (state === "Z") return `the first thread of process ${pid} has ended, and others run`;
  // A container's root may write to folders that it shares with us, and we can't look at it.
  if (!isOurs) return uids.includes(0) && depth > 1 ? `process ${pid} runs as root in a container` : undefined;
  const files = openFilesOf(proc, pid);
  const maps = proc.maps(pid);
  if (files === "moving") return `process ${pid} kept opening and closing files`;
  if (files === "hidden" || maps === "hidden") return `process ${pid} can't be looked at`;
  if (files === "gone" || maps === "gone") return undefined;
  for (const identity of files) open.add(identity);
  for (const [, inode = ""] of maps.matchAll(SHARED_MAPPING)) mapped.add(inode);
  return undefined;
}

function openFilesOf(proc: Proc, pid: number): ReturnType<Proc["openFiles"]> {
  for (let tries = 1; tries < TRIES_MAX; tries++) {
    const files = proc.openFiles(pid);
    if (files !== "moving") return files;
  }
  return proc.openFiles(pid);
}

/** Of `status`. `depth`: in how many process namespaces it has a number. */
function fieldsOf(status: string) {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
  return {
    name: field("Name"),
    state: field("State").charAt(0),
    threads: Number(field("Threads")),
    uids: field("Uid").split(/\s+/).map(Number),
    depth: field("NSpid").split(/\s+/).length,
  };
}

/** Proves on Linux that nobody can write to a file any more. */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { WriterCheck } from "../claim/claim-types.js";
import type { FileLook } from "../files.js";
import { isLocal } from "./local.js";
import { lookAtProcesses, type Pass, type Self } from "./pass.js";
import { type Proc, systemProc } from "./proc.js";

export interface LinuxWritersOptions {
  /** Absolute: the root below which the files lie. */
  readonly root: string;
  /** For tests. */
  readonly proc?: Proc;
  readonly self?: Self;
  /** Whether a file system of this type can be written to from this machine alone. */
  readonly isLocal?: (type: number) => boolean;
}

/** Numbers of the namespaces that a system starts with: include/linux/proc_ns.h of the kernel. */
const INITIAL = { pid: "pid:[4026531836]", user: "user:[4026531837]" };
const OTHERS_WRITE = 0o022;

/**
 * `nobody` only if the file is ours, no one else may open it to write, its file system is local, we see all processes,
 * and none of those that run as us has it open. Calls that are made at the same time share a pass over all processes;
 * a pass begins after the calls that it serves.
 */
export function linuxWriters(options: LinuxWritersOptions): WriterCheck {
  const { root, proc = systemProc, self = thisProcess(), isLocal: local = isLocal } = options;
  const pass = shared(() => lookAtProcesses(proc, self));
  return {
    async writers(file: FileLook, op: OpOptions) {
      throwIfAborted(op.signal);
      if (self.platform !== "linux" || self.uid === undefined) return "unknown";
      try {
        const seen = await pass();
        if (seen.has(file.identity)) return "somebody";
        if (seen.blind !== undefined || !seesAll(proc) || !isOurs(file, self.uid)) return "unknown";
        const { type, device } = proc.fileSystem(root);
        return local(type) && file.identity.startsWith(`${device}:`) ? "nobody" : "unknown";
      } catch {
        // Deno refuses a look at `/proc` to programs without all its rights.
        return "unknown";
      }
    },
  };
}

function thisProcess(): Self {
  return { platform: process.platform, pid: process.pid, uid: process.geteuid?.() };
}

/** In a container, a process outside of it may have the file open. */
function seesAll(proc: Proc): boolean {
  return proc.namespace("pid") === INITIAL.pid && proc.namespace("user") === INITIAL.user;
}

/** With an access control list, the bits of the group say the most that anybody it names may do. */
function isOurs({ owner, mode, kind }: FileLook, uid: number): boolean {
  return kind === "file" && (uid === 0 || owner === uid) && (mode & OTHERS_WRITE) === 0;
}

/** All calls made until the next pass begins share it; one that is under way has begun too early for them. */
function shared(run: () => Promise<Pass>): () => Promise<Pass> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<Pass> | undefined;
  return () => {
    next ??= begin();
    return next;
  };

  function begin(): Promise<Pass> {
    const pass = last.then(() => {
      next = undefined;
      return run();
    });
    last = pass.catch(() => undefined);
    return pass;
  }
}

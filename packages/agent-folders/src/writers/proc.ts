/** What Linux shows of its processes: see proc(5). Calls are synchronous: each takes microseconds, and there are thousands. */
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from "node:fs";
import { systemCode } from "../files/system-errors.js";

/** gone: the process has ended. hidden: we may not look at it. */
export type Unseen = "gone" | "hidden";

export interface Proc {
  /** Such as `pid:[4026531836]`. */
  namespace(kind: "pid" | "user"): string | undefined;
  /** All processes that can be seen. */
  pids(): readonly number[];
  /** The text of `status`. */
  status(pid: number): string | Unseen;
  /** Device and inode of each open file. `moving`: descriptors were opened and closed while they were listed. */
  openFiles(pid: number): readonly string[] | Unseen | "moving";
  /** The text of `maps`. */
  maps(pid: number): string | Unseen;
  /** The number that names the type of the file system at this path, and its device. */
  fileSystem(path: string): { readonly type: number; readonly device: string };
}

const GONE = ["ENOENT", "ESRCH"];
const HIDDEN = ["EACCES", "EPERM"];

export const systemProc: Proc = {
  namespace(kind) {
    const link = seen(() => readlinkSync(`/proc/self/ns/${kind}`));
    return link === "gone" || link === "hidden" ? undefined : link;
  },
  pids: () => readdirSync("/proc").filter(isPid).map(Number),
  status: (pid) => seen(() => readFileSync(`/proc/${pid}/status`, "utf8")),
  openFiles(pid) {
    const folder = `/proc/${pid}/fd`;
    const names = seen(() => readdirSync(folder));
    if (names === "gone" || names === "hidden") return names;
    const identities: string[] = [];
    for (const name of names) {
      const identity = seen(() => identityOf(`${folder}/${name}`));
      if (identity === "hidden") return "hidden";
      if (identity === "gone") return "moving";
      if (identity !== undefined) identities.push(identity);
    }
    return identities;
  },
  maps: (pid) => seen(() => readFileSync(`/proc/${pid}/maps`, "utf8")),
  fileSystem(path) {
    return { type: statfsSync(path).type, device: statSync(path, { bigint: true }).dev.toString() };
  },
};

function isPid(name: string): boolean {
  return /^\d+$/.test(name);
}

/** Sockets and pipes have no path, and are not looked at. */
function identityOf(link: string): string | undefined {
  if (!readlinkSync(link).startsWith("/")) return undefined;
  const { dev, ino } = statSync(link, { bigint: true });
  return `${dev}:${ino}`;
}

function seen<T>(look: () => T): T | Unseen {
  try {
    return look();
  } catch (error) {
    const code = systemCode(error) ?? "";
    if (GONE.includes(code)) return "gone";
    if (HIDDEN.includes(code)) return "hidden";
    throw error;
  }
}

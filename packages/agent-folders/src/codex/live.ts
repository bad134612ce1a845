/**
 * Which threads Codex has open. It holds `thread-writer-locks/<thread id>.lock` by flock while it does; after a kill
 * the file stays, without a lock. In its first seconds it holds none yet.
 */
import { join } from "node:path";
import type { FileLook, Files } from "../files.js";
import { anyOf, changedLately } from "../live/changed-lately.js";
import type { LiveCheck, LiveOptions } from "../source.js";
import { mtimeMsOf } from "../unit.js";
import type { CodexSystem } from "./system.js";

const FOLDER = "thread-writer-locks";
const LOCK = ".lock";
/** The slowest start that was seen took 2.5 s to take its lock. */
const START_MS = 30_000;

export async function codexLive(
  home: string,
  files: Files,
  system: CodexSystem,
  options: LiveOptions,
): Promise<LiveCheck> {
  const { now, idleMs } = options;
  const [starting] = await system.startedWithin(START_MS, home);
  const lockFiles: { readonly id: string; readonly look: FileLook }[] = [];
  for (const name of await files.list(join(home, FOLDER))) {
    const look = name.endsWith(LOCK) ? await files.look(join(home, FOLDER, name)) : undefined;
    if (look?.kind === "file") lockFiles.push({ id: name.slice(0, -LOCK.length), look });
  }
  // Asked last: a process that has ended its start by now, or has made its lock file, holds its lock.
  const locks = await system.locks();
  const holders = holdersIn(locks?.text ?? "");
  const live = new Map<string, string>();
  for (const { id, look } of lockFiles) {
    const holder = holders.get(inodeOf(look.identity));
    const isYoung = now - mtimeMsOf({ look }) < idleMs;
    if (holder !== undefined) live.set(id, `Codex has it open (process ${holder})`);
    else if (!locks?.isWhole && isYoung) {
      live.set(id, "Codex may have it open: its lock file is there, and who holds it can't be seen from here");
    }
  }
  const start = starting === undefined ? undefined : `Codex has just started (process ${starting}), and may open it`;
  return anyOf(
    ({ nativeId }) => live.get(nativeId),
    changedLately(options),
    () => start,
  );
}

/**
 * Process by inode of all flocks in `/proc/locks`. Devices are not compared: on btrfs and overlayfs a file's device is
 * another one there. A file of the same number elsewhere is only a reason to wait.
 */
function holdersIn(text: string): ReadonlyMap<string, string> {
  const lines = [...text.matchAll(/^\d+: FLOCK +\S+ +\S+ +(-?\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /gm)];
  return new Map(lines.flatMap(([, pid, inode]) => (pid && inode ? [[inode, pid] as const] : [])));
}

/** `identity` is `<device>:<inode>`. */
const inodeOf = (identity: string): string => identity.slice(identity.lastIndexOf(":") + 1);

/** A look into one of the store's directories, or at what an index says of it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unlessUnreadable } from "./errors.js";
import { absentAs, lstatOf } from "./files.js";
import { blobFileParts, mayHold, OLD_RECORD, type Path, sessionNamed } from "./layout.js";
import { type Found, isAsFound, isSettled } from "./listing-index.js";
import type { Tree } from "./tree.js";

export interface Visit {
  readonly path: Path;
  /** Last parts of the paths of the sessions whose records lie in this directory. */
  readonly records: readonly string[];
  /** The names of the store's directories in this one. */
  readonly names: readonly string[];
  /** What the index says, if the directory is as it was. */
  readonly found: Found | undefined;
  /** Its inode and time of change if both will tell of the next change; zeros otherwise. */
  readonly mark: readonly [inode: number, changedMs: number];
  /** Whether the record of this directory's own session is in it: an older build's. */
  readonly hasOldRecord: boolean;
  /** Whether there is nothing in it for which a session needs a directory. */
  readonly isLeft: boolean;
}

const NO_MARK = [0, 0] as const;
/** A directory that changes all the time is read this often. What is in it throughout is missed only if it is replaced each time. */
const MAX_READS = 5;
/** Within this time a directory may change without its time changing. */
const TICK_MS = 20;

/** `undefined` if there is no such directory. `now`: when the listing began, unix ms. */
export async function visitDirectory(
  tree: Tree,
  path: Path,
  known: Found | undefined,
  now: number,
  onSkipped: (error: Error) => void,
): Promise<Visit | undefined> {
  const root = await tree.find([]);
  if (root === undefined) return undefined;
  const directory = join(root, ...path);
  // Before the looks: what changes meanwhile changes the time again.
  const stats = lstatOf(directory);
  if (!stats?.isDirectory()) return undefined;
  if (known && isAsFound(known, stats)) {
    const [records, names] = [Object.keys(known[2]), Object.keys(known[3])];
    return { path, records, names, found: known, mark: [known[0], known[1]], hasOldRecord: false, isLeft: false };
  }
  const entries = await unlessUnreadable(() => entriesIn(directory, path), onSkipped);
  const mark = entries && isSettled(stats, now) ? ([stats.ino, stats.ctimeMs] as const) : NO_MARK;
  return { path, found: undefined, mark, ...(entries ?? NO_ENTRIES) };
}

type Entries = Pick<Visit, "records" | "names" | "hasOldRecord" | "isLeft">;

const NO_ENTRIES: Entries = { records: [], names: [], hasOldRecord: false, isLeft: false };

async function entriesIn(directory: string, path: Path): Promise<Entries> {
  const names = new Set<string>();
  const records = new Set<string>();
  let hasOldRecord = false;
  let isLeft = true;
  const isOurs = (name: string): boolean => mayHold([...path, name], "");
  for (let reads = 0; reads < MAX_READS; reads++) {
    const before = lstatOf(directory)?.ctimeMs;
    for (const entry of (await absentAs(readdir(directory, { withFileTypes: true }))) ?? []) {
      const session = sessionNamed(entry.name);
      if (entry.isDirectory() && isOurs(entry.name)) names.add(entry.name);
      else if (session !== undefined && isOurs(session)) records.add(session);
      else if (entry.name === OLD_RECORD) hasOldRecord = path.length > 0;
      else if (blobFileParts(entry.name)?.isRecord) continue;
      isLeft = false;
    }
    // Entries may be missed that are replaced meanwhile.
    if (before === undefined || (before < Date.now() - TICK_MS && lstatOf(directory)?.ctimeMs === before)) break;
  }
  return { records: [...records], names: [...names], hasOldRecord, isLeft };
}

/** A look into one of the store's directories, or at what an index says of it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, sweepIndex } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { absentAs, lstatOf } from "./files.js";
import { mayHold, type Path } from "./layout.js";
import { emptyBelow, type Found, isAsFound, isSettled, unknown, valuesOf } from "./listing-index.js";
import { type FoundMeta, readMetaIn } from "./meta-file.js";
import type { Tree } from "./tree.js";

export interface Visit {
  readonly object: FoundMeta | undefined;
  /** The names of the store's directories in this one. */
  readonly names: readonly string[];
  /** For the index, with what it says of the directories below; `undefined` if there is no such directory. */
  readonly found: Found | undefined;
  /** Whether the index didn't know what it knows now. */
  readonly isNews: boolean;
}

const NOTHING: Visit = { object: undefined, names: [], found: undefined, isNews: false };

export interface VisitOptions {
  /** What the index says. */
  readonly known: Found | undefined;
  /** Whether an object with these values is wanted. */
  wants(found: Found): boolean;
  /** When the listing began, unix ms. */
  readonly now: number;
  readonly onSkipped: (error: Error) => void;
}

export async function visitDirectory(tree: Tree, path: Path, options: VisitOptions): Promise<Visit> {
  const { known, wants, now, onSkipped } = options;
  let isWhole = true;
  const unlessUnreadable = async <T>(look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Error) || !isOfOneSession(error)) throw error;
      isWhole = false;
      onSkipped(error);
      return undefined;
    }
  };
  const root = await tree.find([]);
  if (root === undefined) return NOTHING;
  const directory = join(root, ...path);
  // Before the looks: what changes meanwhile changes the time again.
  const stats = lstatOf(directory);
  if (!stats?.isDirectory()) return NOTHING;
  const readObject = () => unlessUnreadable(async () => readMetaIn(directory, path));
  if (known && isAsFound(known, stats)) {
    const object = wants(known) ? await readObject() : undefined;
    return { object, names: Object.keys(known[3]), found: known, isNews: false };
  }
  const [object, names = []] = await Promise.all([
    readObject(),
    unlessUnreadable(() => directoriesIn(directory, path)),
  ]);
  const below = known?.[3] ?? emptyBelow();
  if (!isWhole || !isSettled(stats, now)) return { object, names, found: unknown(below), isNews: false };
  const values = object ? valuesOf(sweepIndex(object.meta)) : null;
  return { object, names, found: [stats.ino, stats.ctimeMs, values, below], isNews: true };
}

export async function directoriesIn(directory: string, path: Path): Promise<readonly string[]> {
  const entries = (await absentAs(readdir(directory, { withFileTypes: true }))) ?? [];
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  // A directory that is removed and made again meanwhile may come twice.
  return [...new Set(names)].filter((name) => mayHold([...path, name], ""));
}

/** Damage and missing rights are the affair of the session that has them. Other failures end the listing. */
function isOfOneSession(error: Error): boolean {
  return hasCode(error, "CORRUPT") || ["EACCES", "EPERM"].includes(systemCode(error) ?? "");
}

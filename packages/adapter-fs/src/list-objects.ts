/** Every object below a store's directory. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, type ListedObject } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { absentAs } from "./files.js";
import { mayHold, type Path } from "./layout.js";
import { readMetaIn } from "./meta-file.js";
import type { Tree } from "./tree.js";
import { mapAhead } from "./walk.js";

interface Visited {
  readonly path: Path;
  readonly object: ListedObject | undefined;
  /** The names of the directories in its own. */
  readonly below: readonly string[];
}

/**
 * Objects whose id starts with `prefix`, and perhaps others, each once. Leaves out what is `CORRUPT` or can't be read, and
 * gives its error to `onSkipped`: it must not keep the others from being swept, and `get` says what is wrong with it.
 */
export async function* listObjects(
  tree: Tree,
  prefix: string,
  onSkipped: (error: Error) => void,
): AsyncGenerator<ListedObject> {
  async function directoryAt(path: Path): Promise<string | undefined> {
    const root = await tree.find([]);
    return root === undefined ? undefined : join(root, ...path);
  }

  async function directoriesIn(path: Path): Promise<readonly string[]> {
    const directory = await directoryAt(path);
    if (directory === undefined) return [];
    const entries = (await absentAs(readdir(directory, { withFileTypes: true }))) ?? [];
    const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    // A directory that is removed and made again meanwhile may come twice.
    return [...new Set(names)].filter((name) => mayHold([...path, name], prefix));
  }

  async function objectIn(path: Path): Promise<ListedObject | undefined> {
    const directory = await directoryAt(path);
    return directory === undefined ? undefined : readMetaIn(directory, path);
  }

  async function unlessUnreadable<T>(look: Promise<T>): Promise<T | undefined> {
    try {
      return await look;
    } catch (error) {
      if (!(error instanceof Error) || !isOfOneSession(error)) throw error;
      onSkipped(error);
      return undefined;
    }
  }

  async function visit(path: Path): Promise<Visited> {
    const looks = [unlessUnreadable(objectIn(path)), unlessUnreadable(directoriesIn(path))] as const;
    const [object, below = []] = await Promise.all(looks);
    return { path, object, below };
  }

  async function* walk(path: Path, names: readonly string[]): AsyncGenerator<ListedObject> {
    for await (const visited of mapAhead(names, (name) => tree.steady(() => visit([...path, name])))) {
      if (visited.object) yield visited.object;
      yield* walk(visited.path, visited.below);
    }
  }

  yield* walk([], await tree.steady(() => directoriesIn([])));
}

/** Damage and missing rights are the affair of the session that has them. Other failures end the listing. */
function isOfOneSession(error: Error): boolean {
  return hasCode(error, "CORRUPT") || ["EACCES", "EPERM"].includes(systemCode(error) ?? "");
}

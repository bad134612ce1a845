/** Every object below a store's directory. */
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, type StoredObject } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { absentAs } from "./files.js";
import { mayHold, type Path } from "./layout.js";
import { readObject } from "./object-file.js";
import type { Tree } from "./tree.js";
import { mapAhead } from "./walk.js";

interface Visited {
  readonly path: Path;
  readonly object: StoredObject | undefined;
  /** The names of the directories in its own. */
  readonly below: readonly string[];
}

/**
 * Objects whose id starts with `prefix`, and perhaps others, each once. One that is `CORRUPT` or can't be read is told to
 * `onSkipped` and left out: it must not keep the others from being swept, and `get` says what is wrong with it.
 */
export async function* listObjects(
  tree: Tree,
  prefix: string,
  onSkipped: (error: Error) => void,
): AsyncGenerator<StoredObject> {
  async function directoryAt(path: Path): Promise<string | undefined> {
    const root = await tree.find([]);
    return root === undefined ? undefined : join(root, ...path);
  }

  async function entriesIn(path: Path): Promise<readonly Dirent[]> {
    try {
      const directory = await directoryAt(path);
      if (directory === undefined) return [];
      return (await absentAs(readdir(directory, { withFileTypes: true }))) ?? [];
    } catch (error) {
      if (path.length === 0 || !(error instanceof Error) || !isForbidden(error)) throw error;
      onSkipped(error);
      return [];
    }
  }

  async function directoriesIn(path: Path): Promise<readonly string[]> {
    const entries = await entriesIn(path);
    const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    // One that is removed and made again meanwhile may come twice.
    return [...new Set(names)].filter((name) => mayHold([...path, name], prefix));
  }

  async function objectAt(path: Path): Promise<StoredObject | undefined> {
    try {
      const directory = await directoryAt(path);
      return directory === undefined ? undefined : await readObject(directory, path);
    } catch (error) {
      if (!(error instanceof Error) || !(hasCode(error, "CORRUPT") || isForbidden(error))) throw error;
      onSkipped(error);
      return undefined;
    }
  }

  async function visit(path: Path): Promise<Visited> {
    const [object, below] = await Promise.all([objectAt(path), directoriesIn(path)]);
    return { path, object, below };
  }

  async function* walk(path: Path, names: readonly string[]): AsyncGenerator<StoredObject> {
    for await (const visited of mapAhead(names, (name) => tree.steady(() => visit([...path, name])))) {
      if (visited.object) yield visited.object;
      yield* walk(visited.path, visited.below);
    }
  }

  yield* walk([], await tree.steady(() => directoriesIn([])));
}

/** One session's file that somebody has taken the rights from is that session's affair. */
function isForbidden(error: Error): boolean {
  return ["EACCES", "EPERM"].includes(systemCode(error) ?? "");
}

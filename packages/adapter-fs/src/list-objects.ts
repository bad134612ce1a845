/** Every object below a store's directory. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, type StoredObject } from "@session-archiver/core";
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
 * Objects whose id starts with `prefix`, and perhaps others, each once. A `CORRUPT` one is left out and told to
 * `onSkipped`: it must not keep the others from being swept, and `get` says what is wrong with it.
 */
export async function* listObjects(
  tree: Tree,
  prefix: string,
  onSkipped: (error: Error) => void,
): AsyncGenerator<StoredObject> {
  const root = (await tree.find([])) ?? "";

  async function directoriesIn(path: Path): Promise<readonly string[]> {
    const entries = (await absentAs(readdir(join(root, ...path), { withFileTypes: true }))) ?? [];
    const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    // One that is removed and made again meanwhile may come twice.
    return [...new Set(names)].filter((name) => mayHold([...path, name], prefix));
  }

  async function objectAt(path: Path): Promise<StoredObject | undefined> {
    try {
      return await readObject(join(root, ...path), path);
    } catch (error) {
      if (!hasCode(error, "CORRUPT") || !(error instanceof Error)) throw error;
      onSkipped(error);
      return undefined;
    }
  }

  async function visit(path: Path): Promise<Visited> {
    const [object, below] = await Promise.all([objectAt(path), directoriesIn(path)]);
    return { path, object, below };
  }

  async function* walk(path: Path, names: readonly string[]): AsyncGenerator<StoredObject> {
    for await (const visited of mapAhead(names, (name) => visit([...path, name]))) {
      if (visited.object) yield visited.object;
      yield* walk(visited.path, visited.below);
    }
  }

  if (root !== "") yield* walk([], await directoriesIn([]));
}

/** The directories below a store's own. */
import { mkdir, realpath, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unless } from "./errors.js";
import { absentAs, DIRECTORY_MODE, foreign, lstatOf, syncDirectory } from "./files.js";
import type { Path } from "./layout.js";

export interface Tree {
  /** The directory, unless it is absent. `CORRUPT` if a symbolic link is in the way. */
  find(path: Path): Promise<string | undefined>;
  /** The directory, made if need be. Another process may remove it again while it is empty. */
  ensure(path: Path): Promise<string>;
  /** Makes the directory durable: its entries, and its own in the one above, and so on. */
  sync(path: Path): Promise<void>;
  /** Removes the directory if it is empty, then the one above, and so on. */
  removeEmpty(path: Path): Promise<void>;
}

export function openTree(directory: string): Tree {
  let root: string | undefined;

  async function find(path: Path): Promise<string | undefined> {
    // How the store's own directory is reached is its owner's affair; below it there are no links of ours.
    root ??= await absentAs(realpath(directory));
    if (root === undefined) return undefined;
    let wanted = root;
    if (path.length === 0) return lstatOf(root) && root;
    for (const name of path) {
      wanted = join(wanted, name);
      const stats = lstatOf(wanted);
      if (!stats) return undefined;
      if (stats.isSymbolicLink()) throw foreign(wanted, "a symbolic link");
    }
    return wanted;
  }

  async function make(path: Path): Promise<void> {
    const name = path.at(-1);
    if (name === undefined) return makeRoot(directory);
    const wanted = join(await ensure(path.slice(0, -1)), name);
    // ENOENT: the one above was empty and was removed.
    const made = await unless(
      ["EEXIST", "ENOENT"],
      mkdir(wanted, { mode: DIRECTORY_MODE }).then(() => true),
    );
    const stats = made ? undefined : lstatOf(wanted);
    if (stats && !stats.isDirectory()) throw foreign(wanted, "not a directory");
  }

  async function ensure(path: Path): Promise<string> {
    for (;;) {
      const found = await find(path);
      if (found !== undefined) return found;
      await make(path);
    }
  }

  return {
    find,
    ensure,
    async sync(path) {
      const found = await ensure([]);
      // One that is gone was empty: somebody has deleted what was made in it, and nothing is left to make durable.
      for (let depth = path.length; depth >= 0; depth--) {
        await absentAs(syncDirectory(join(found, ...path.slice(0, depth))));
      }
    },
    async removeEmpty(path) {
      const found = await find([]);
      for (let depth = path.length; depth > 0 && found !== undefined; depth--) {
        // It is not empty, or gone already: either way there is no more to do.
        const removed = await rmdir(join(found, ...path.slice(0, depth))).then(
          () => true,
          () => false,
        );
        if (!removed) return;
      }
    },
  };
}

async function makeRoot(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  if (first === undefined) return;
  for (let made = directory; made !== dirname(first); made = dirname(made)) await syncDirectory(dirname(made));
}

/** The directories below a store's root. */
import { renameSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode, unless } from "./errors.js";
import { absentAs, DIRECTORY_MODE, foreign, lstatOf, syncDirectory, syncIfPresent } from "./files.js";
import type { Path } from "./layout.js";
import type { Root } from "./root.js";

export interface Tree {
  /** Runs a look at the store, and again if the whole store was moved meanwhile. */
  steady<T>(look: () => Promise<T>): Promise<T>;
  /** Whether another process may still move the whole store. */
  mayMove(): boolean;
  /** The directory, or `undefined` if it is absent. `CORRUPT` if a symbolic link is in the way. */
  find(path: Path): Promise<string | undefined>;
  /** The directory, made if need be. Another process may remove it again while it is empty. */
  ensure(path: Path): Promise<string>;
  /** Moves a file to this name in the directory, which is made if need be. Resolves to the directory. */
  moveTo(file: string, path: Path, name: string): Promise<string>;
  /** Makes the directory durable: its entries, and its own in the one above, and so on. */
  sync(path: Path): Promise<void>;
  /** Makes what was removed from the directory durable, also if the directory itself has been removed since. */
  syncNearest(path: Path): Promise<void>;
  /** Removes the directory if it is empty, then the one above, and so on. */
  removeEmpty(path: Path): Promise<void>;
}

/** More often than others can remove a directory that was just made. */
export const MAX_TRIES = 100;

export function openTree(root: Root): Tree {
  async function find(path: Path): Promise<string | undefined> {
    const found = await root.find();
    if (found === undefined) return undefined;
    let wanted = found;
    if (path.length === 0) return lstatOf(found) && found;
    // Below the root the store has no links.
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
    if (name === undefined) return root.make();
    const wanted = join(await ensure(path.slice(0, -1)), name);
    // ENOENT: the directory above was empty, and another process has removed it.
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

  async function moveTo(file: string, path: Path, name: string): Promise<string> {
    for (let tries = 1; ; tries++) {
      const directory = await ensure(path);
      try {
        renameSync(file, join(directory, name));
        return directory;
      } catch (error) {
        // The directory was empty, and a session below it has removed it. After many tries, the file itself must be missing.
        if (systemCode(error) !== "ENOENT" || tries === MAX_TRIES) throw error;
      }
    }
  }

  async function steady<T>(look: () => Promise<T>): Promise<T> {
    while (root.mayMove()) {
      const before = await root.find();
      const outcome = await look().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (before !== (await root.find())) continue;
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    }
    return look();
  }

  return {
    steady,
    mayMove: root.mayMove,
    find,
    ensure,
    moveTo,
    async sync(path) {
      const found = await ensure([]);
      for (let depth = path.length; depth >= 0; depth--) await syncIfPresent(join(found, ...path.slice(0, depth)));
    },
    async syncNearest(path) {
      const found = await find([]);
      for (let depth = path.length; depth >= 0 && found !== undefined; depth--) {
        if (await absentAs(syncDirectory(join(found, ...path.slice(0, depth))).then(() => true))) return;
      }
    },
    async removeEmpty(path) {
      const found = await find([]);
      for (let depth = path.length; depth > 0 && found !== undefined; depth--) {
        // If it fails, the directory is not empty, or gone already: either way there is no more to do.
        const removed = await rmdir(join(found, ...path.slice(0, depth))).then(
          () => true,
          () => false,
        );
        if (!removed) return;
      }
    },
  };
}

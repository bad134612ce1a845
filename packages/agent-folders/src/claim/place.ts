/** One place of a file: a root, and a path below it. Both come from scans and from names in a folder, and are checked. */
import { ArchiverError } from "@session-archiver/core";

export interface Place {
  /** Absolute, without links. */
  readonly root: string;
  /** Relative to the root, with slashes. */
  readonly path: string;
}

/** Below each root: the files that are held aside. Scans pass it over. */
export const HELD_FOLDER = ".session-archiver-held";

/** `INVALID_ARGUMENT` unless the path leads to a file below the root, and not into the folder of what is held. */
export function checkPlace({ root, path }: Place): void {
  const names = path.split("/");
  const isPlain = names.every((name) => name !== "" && name !== "." && name !== "..") && !/\0/.test(path + root);
  if (root.startsWith("/") && isPlain && names[0]?.toLowerCase() !== HELD_FOLDER) return;
  throw new ArchiverError(
    "INVALID_ARGUMENT",
    `"${path}" is not the place of a file below "${root}": give an absolute root, and a relative path without "..".`,
    { key: path },
  );
}

export function placePath({ root, path }: Place): string {
  return `${root.replace(/\/$/, "")}/${path}`;
}

/** Ends the name of a folder that holds parts. Codex takes a folder for a rollout if it is called like one. */
const PARTS = ".held";

/** The folder that holds the parts of this place. For the path `""`, the folder of all that is held below the root. */
export function heldFolder({ root, path }: Place): string {
  return placePath({ root, path: path === "" ? HELD_FOLDER : `${HELD_FOLDER}/${path}${PARTS}` });
}

/** The path whose parts a folder holds, given how it is reached from the folder of all that is held. `undefined`: of none. */
export function pathHeldIn(way: string): string | undefined {
  const path = way.endsWith(PARTS) ? way.slice(0, -PARTS.length) : "";
  return path === "" || path.endsWith("/") ? undefined : path;
}

/** The folder in which a path lies. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.root === b.root && a.path === b.path;
}

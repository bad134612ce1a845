/** Places of files, checked: paths come from metadata, and so from outside. */
import { isAbsolute, join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import type { Place, Root } from "./source.js";

/** Longer ones fit no file system. */
const MAX_PATH_LENGTH = 4096;

/** Whether this is a path below some folder, and leads nowhere else: no `..`, no empty part, not absolute. */
export function isPathBelow(path: string): boolean {
  if (path === "" || path.length > MAX_PATH_LENGTH || path.includes("\0") || isAbsolute(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** The root of this name. `NOT_FOUND` if the agent's folder has none. */
export function rootNamed({ home, roots, source }: Place, name: string): Root {
  const root = roots.find((one) => one.name === name);
  if (root) return root;
  const message = `There is no folder "${name}" in "${home}", where ${source.label} keeps its sessions: make it and try again.`;
  throw new ArchiverError("NOT_FOUND", message);
}

/** The absolute path. `INVALID_ARGUMENT` if the path leads out of the root. */
export function locationIn(root: Root, path: string): string {
  if (isPathBelow(path)) return join(root.path, path);
  throw new ArchiverError("INVALID_ARGUMENT", `${JSON.stringify(path)} is no path below "${root.path}".`);
}

/** Names a place in maps. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join("\0");
}

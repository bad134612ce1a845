/** Where the directory of sessions or archives is, and how it is made. */
import { statSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchiverError } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { absentAs, DIRECTORY_MODE, syncDirectory } from "./files.js";

export interface Root {
  /** Its real path, or `undefined` if it is absent. */
  find(): Promise<string | undefined>;
  /** Makes it, durably. */
  make(): Promise<void>;
  /** To be called before every change: moves the directory of an older version to where this version keeps it. */
  migrate(): Promise<void>;
  /** Whether another process may still move it. */
  mayMove(): boolean;
}

/** A directory that stays where its owner says. The path to it may have symbolic links. */
export function plainRoot(directory: string): Root {
  let found: string | undefined;
  return {
    async find() {
      found ??= await absentAs(realpath(directory));
      return found;
    },
    make: () => makeDirectory(directory),
    migrate: async () => {},
    mayMove: () => false,
  };
}

/** The same for readers. Where the directory is absent, they get `NOT_FOUND`, unless `isThere` says that the store exists. */
export function requiredRoot(root: Root, directory: string, isThere: () => boolean = () => false): Root {
  return {
    ...root,
    async find() {
      const found = await root.find();
      if (found !== undefined || isThere()) return found;
      throw new ArchiverError("NOT_FOUND", `There is no store at "${directory}".`);
    },
  };
}

export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  if (first === undefined) return;
  for (let made = directory; made !== dirname(first); made = dirname(made)) await syncDirectory(dirname(made));
}

/** Whether the path leads to a directory, also by links. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (["ELOOP", "ENOTDIR", "ENAMETOOLONG"].includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

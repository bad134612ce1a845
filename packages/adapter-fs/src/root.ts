/** The directory that holds all of an area: where it is, and how it comes to be. */
import { statSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchiverError } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { absentAs, DIRECTORY_MODE, syncDirectory } from "./files.js";

export interface Root {
  /** Its real path, if it is there. */
  find(): Promise<string | undefined>;
  /** Makes it, durably. */
  make(): Promise<void>;
  /** To be called before every change: brings the directory to where this version keeps it. */
  settle(): Promise<void>;
  /** Whether another process may yet take it elsewhere. */
  mayMove(): boolean;
}

/** One that is simply where its owner says. How it is reached is the owner's affair: links are followed. */
export function plainRoot(directory: string): Root {
  let found: string | undefined;
  return {
    async find() {
      found ??= await absentAs(realpath(directory));
      return found;
    },
    make: () => makeDirectory(directory),
    settle: async () => {},
    mayMove: () => false,
  };
}

/** The same to readers, to whom it is `NOT_FOUND` if `isThere` says so. */
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

/** Whether there is a directory, perhaps behind links. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (["ELOOP", "ENOTDIR", "ENAMETOOLONG"].includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

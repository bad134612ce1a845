/** Files of this machine. Nothing here follows a link at the end of a path, waits on a pipe, or replaces a file. */
import { lstatSync } from "node:fs";
import { constants, link, mkdir, open, readdir, rename, rmdir, unlink } from "node:fs/promises";
import type { FileLook, Files } from "../files.js";
import { lookOf, openPlainFile } from "./open-file.js";
import { fileError, isAbsent, step } from "./system-errors.js";
import { writeNew } from "./write-new.js";

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

export function nodeFiles(): Files {
  return {
    look: lookAt,
    open: openPlainFile,
    async list(folder) {
      try {
        return (await readdir(folder)).sort();
      } catch (error) {
        if (isAbsent(error)) return [];
        throw fileError("list", folder, error);
      }
    },
    async makeFolder(path, mode) {
      await step("make the folder", path, () => mkdir(path, { recursive: true, mode }));
    },
    rename(from, to) {
      return step("move", from, () => moved(from, to), ["ENOENT"], false);
    },
    link(from, to) {
      return step("give a second name to", from, () => done(link(from, to)), ["EEXIST"], false);
    },
    unlink(path) {
      return step("delete", path, () => done(unlink(path)), ["ENOENT", "ENOTDIR"], false);
    },
    removeFolder(path) {
      const stays = ["ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST"];
      return step("remove the folder", path, () => done(rmdir(path)), stays, false);
    },
    write: writeNew,
    sync: syncFolder,
  };
}

/** Not handed to another thread: that costs several times as much as the look, and a scan looks at thousands of files. */
async function lookAt(path: string): Promise<FileLook | undefined> {
  try {
    return lookOf(lstatSync(path, { bigint: true }));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError("look at", path, error);
  }
}

async function done(step: Promise<void>): Promise<boolean> {
  await step;
  return true;
}

/** `ENOENT` may also mean that the folder to move to is gone. Then nothing was said about `from`. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (!isAbsent(error) || (await lookAt(from)) !== undefined) throw fileError("move", from, error);
    return false;
  }
}

/** Windows can't open folders; some file systems sync names by themselves and refuse. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await step("make durable", path, async () => {
    const handle = await open(path, FOLDER);
    try {
      await step<unknown>("sync", path, () => handle.sync(), ["EINVAL", "ENOTSUP", "ENOSYS"], null);
    } finally {
      await handle.close();
    }
  });
}

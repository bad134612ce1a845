/**
 * Single files and directories: nothing here follows a symbolic link or waits on a pipe. Looks are synchronous calls of some
 * microseconds each: through Node's thread pool they would take ten times as long, and wait behind other files' syncs.
 */
import { constants as bufferLimits } from "node:buffer";
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, type Stats } from "node:fs";
import { ArchiverError } from "@session-archiver/core/adapter";
import { systemCode, unless } from "./errors.js";
import { syncAll } from "./file-bytes.js";
import { shareSyncs } from "./shared-sync.js";

/** Flags that the platform lacks are left out. */
const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export const READ_ONLY: number = constants.O_RDONLY;
export const READ_WRITE: number = constants.O_RDWR;

/** In UTF-8 a UTF-16 unit takes three bytes at most. */
const TEXT_BYTES_MAX = 3 * bufferLimits.MAX_STRING_LENGTH;

/** For the owner only: sessions are private. */
const FILE_MODE = 0o600;
export const DIRECTORY_MODE = 0o700;

const ABSENT = ["ENOENT", "ENOTDIR"];

/** `undefined` if there is nothing at this path. */
export function absentAs<T>(step: Promise<T>): Promise<T | undefined> {
  return unless(ABSENT, step);
}

export function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false }); // nor if a file is in the way
}

/** Bytes of the blocks that it takes up. The system counts in 512, whatever the blocks of the disk are. */
export function allocated(stats: Stats | undefined): number {
  return (stats?.blocks ?? 0) * 512;
}

/** Looks at a regular file, held open so that it stays the same one. `CORRUPT` as in {@link openFile}. */
export function lookInto<T>(path: string, look: (descriptor: number) => T): T | undefined {
  const opened = openFile(path, READ_ONLY);
  if (!opened) return undefined;
  try {
    return look(opened.descriptor);
  } finally {
    closeSync(opened.descriptor);
  }
}

/** Opens a regular file that exists; `CORRUPT` if there is something else in its place. */
export function openFile(
  path: string,
  flags: number,
): { readonly descriptor: number; readonly size: number } | undefined {
  const descriptor = present(path, () => openSync(path, flags | NO_FOLLOW));
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor);
    requireFile(stats, path);
    return { descriptor, size: stats.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** All of a small file. A pipe reads as an empty file. */
export function readText(path: string): string | undefined {
  // Most are absent, and a look is cheaper than an error.
  const stats = lstatOf(path);
  if (!stats) return undefined;
  if (stats.size > TEXT_BYTES_MAX) throw foreign(path, "too large");
  return present(path, () =>
    readFileSync(path, { encoding: "utf8", flag: (READ_ONLY | NO_FOLLOW) as unknown as string }),
  );
}

/** `undefined` if there is nothing at this path. */
function present<T>(path: string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (ABSENT.includes(systemCode(error) ?? "")) return undefined;
    return asForeign(path)(error);
  }
}

/** For what opening a path of the store has met instead of a file. */
function asForeign(path: string): (error: unknown) => never {
  return (error) => {
    const code = systemCode(error);
    if (code === "ELOOP") throw foreign(path, "a symbolic link");
    if (code === "EISDIR") throw foreign(path, "a directory");
    if (code === "ERR_FS_FILE_TOO_LARGE" || code === "ERR_STRING_TOO_LONG") throw foreign(path, "too large");
    throw error;
  };
}

/** The entries of a small directory; none if it is absent. */
export function namesIn(path: string): readonly string[] {
  return present(path, () => readdirSync(path)) ?? [];
}

export function requireFile(stats: Stats, path: string): void {
  if (!stats.isFile()) throw foreign(path, "not a regular file");
}

/** `CORRUPT`: somebody else has put something in the place of one of the store's files. */
export function foreign(path: string, is: string): ArchiverError {
  return new ArchiverError("CORRUPT", `${path} is ${is} and was left alone: move it away.`);
}

/** Opens a new file. */
export function createFile(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, FILE_MODE);
}

/** Makes entries of a directory durable: what was added, renamed and removed before the call. */
export const syncDirectory: (path: string) => Promise<void> = shareSyncs(async (path) => {
  // Windows can't open directories. There, and on some network file systems, the system syncs entries by itself.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW);
  try {
    await unless(["EINVAL", "ENOTSUP", "ENOSYS"], syncAll(descriptor));
  } finally {
    closeSync(descriptor);
  }
});

/** As {@link syncDirectory}. A directory that another process has removed was empty: no entry is left to be made durable. */
export async function syncIfPresent(path: string): Promise<void> {
  await absentAs(syncDirectory(path));
}

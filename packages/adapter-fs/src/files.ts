/**
 * Single files and directories: nothing here follows a symbolic link or waits on a pipe. Looks are direct calls, of some
 * microseconds each: through Node's thread pool they would take ten times as long, and wait behind other files' syncs.
 */
import { constants as bufferLimits } from "node:buffer";
import { closeSync, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { ArchiverError, type OpOptions, throwIfAborted } from "@session-archiver/core/adapter";
import { systemCode, unless } from "./errors.js";
import { shareSyncs } from "./shared-sync.js";

/** What is missing on a platform is not asked for. */
const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export const READ_ONLY: number = constants.O_RDONLY;
export const READ_WRITE: number = constants.O_RDWR;

const READ_CHUNK = 256 * 1024;
/** In UTF-8 a UTF-16 unit takes three bytes at most. */
const TEXT_BYTES_MAX = 3 * bufferLimits.MAX_STRING_LENGTH;

/** Others of this machine have no business in people's sessions. */
const FILE_MODE = 0o600;
export const DIRECTORY_MODE = 0o700;

const ABSENT = ["ENOENT", "ENOTDIR"];

/** `undefined` if there is nothing at this path. */
export function absentAs<T>(step: Promise<T>): Promise<T | undefined> {
  return unless(ABSENT, step);
}

export function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false }); // that is ENOTDIR too
}

/** Opens a regular file that exists; `CORRUPT` if there is something else in its place. */
export async function openFile(path: string, flags: number): Promise<FileHandle | undefined> {
  const handle = await absentAs(open(path, flags | NO_FOLLOW)).catch(asForeign(path));
  if (!handle) return undefined;
  try {
    requireFile(fstatSync(handle.fd), path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Looks at a regular file that is open meanwhile, so that it stays the same one; `CORRUPT` as above. */
export function lookInto<T>(path: string, look: (descriptor: number) => T): T | undefined {
  const descriptor = present(path, () => openSync(path, READ_ONLY | NO_FOLLOW));
  if (descriptor === undefined) return undefined;
  try {
    requireFile(fstatSync(descriptor), path);
    return look(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** All of a small file. A pipe is as good as an empty file. */
export function readText(path: string): string | undefined {
  // Mostly it is absent, and to ask first is cheaper than an error.
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

/** What is opened in a place of ours, but is no file. */
function asForeign(path: string): (error: unknown) => never {
  return (error) => {
    const code = systemCode(error);
    if (code === "ELOOP") throw foreign(path, "a symbolic link");
    if (code === "EISDIR") throw foreign(path, "a directory");
    if (code === "ERR_FS_FILE_TOO_LARGE" || code === "ERR_STRING_TOO_LONG") throw foreign(path, "too large");
    throw error;
  };
}

export function requireFile(stats: Stats, path: string): void {
  if (!stats.isFile()) throw foreign(path, "not a regular file");
}

/** For what somebody else has put in a place of ours. */
export function foreign(path: string, is: string): ArchiverError {
  return new ArchiverError("CORRUPT", `${path} is ${is} and was left alone: move it away.`);
}

/** Opens a new file. */
export function createFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, FILE_MODE);
}

/** All of it, also where the system takes it in parts. */
export async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  if (!ArrayBuffer.isView(bytes)) throw new ArchiverError("INVALID_ARGUMENT", "A chunk must be a Uint8Array.");
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** Up to `length` bytes in a new array: fewer only at the end of the file. */
export async function readAt(handle: FileHandle, length: number, position: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) return bytes.slice(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** The bytes `[start, end)` of a file that has them. */
export async function* readRange(
  handle: FileHandle,
  range: { readonly start: number; readonly end: number },
  op: OpOptions | undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = range.start; at < range.end; at += READ_CHUNK) {
    throwIfAborted(op?.signal);
    const length = Math.min(READ_CHUNK, range.end - at);
    const bytes = await readAt(handle, length, at);
    if (bytes.length < length) throw new ArchiverError("CORRUPT", `The file ends at byte ${at + bytes.length}.`);
    yield bytes;
  }
}

/** Makes entries of a directory durable: what was added, renamed and removed before the call. */
export const syncDirectory: (path: string) => Promise<void> = shareSyncs(async (path) => {
  // Windows can't open directories; there and on some network file systems the entries are the system's affair.
  if (process.platform === "win32") return;
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW);
  try {
    await unless(["EINVAL", "ENOTSUP", "ENOSYS"], handle.sync());
  } finally {
    await handle.close();
  }
});

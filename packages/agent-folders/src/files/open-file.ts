/** A plain file of this machine, held open to be read. */
import type { BigIntStats } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { ArchiverError, type Bytes } from "@session-archiver/core";
import type { FileLook, OpenFile } from "../files.js";
import { fileError, isAbsent, step, systemCode } from "./system-errors.js";

/** `O_NONBLOCK`: opening a pipe would wait for its other end. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK = 512 * 1024;
const DISK_BLOCK = 512;

export function lookOf(stats: BigIntStats): FileLook {
  return {
    kind: kindOf(stats),
    size: Number(stats.size),
    identity: `${stats.dev}:${stats.ino}`,
    mtimeNs: stats.mtimeNs.toString(),
    ctimeNs: stats.ctimeNs.toString(),
    links: Number(stats.nlink),
    mode: Number(stats.mode & 0o7777n),
    owner: Number(stats.uid),
    diskBytes: Number(stats.blocks) * DISK_BLOCK,
  };
}

function kindOf(stats: BigIntStats): FileLook["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** `undefined`: there is nothing. `CONFLICT`: it is not a plain file. */
export async function openPlainFile(path: string): Promise<OpenFile | undefined> {
  const handle = await opened(path);
  if (!handle) return undefined;
  let isPlain = false;
  try {
    isPlain = (await handle.stat()).isFile();
  } finally {
    if (!isPlain) await handle.close();
  }
  if (!isPlain) throw notPlain(path);
  return openFile(path, handle);
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    // A link, a socket or a device without a driver.
    if (["ELOOP", "EMLINK", "ENXIO"].includes(systemCode(error) ?? "")) throw notPlain(path);
    throw fileError("open", path, error);
  }
}

function notPlain(path: string): ArchiverError {
  return new ArchiverError("CONFLICT", `"${path}" is not a plain file and was left alone.`, { key: path });
}

function openFile(path: string, handle: FileHandle): OpenFile {
  return {
    look: () => step("look at", path, async () => lookOf(await handle.stat({ bigint: true }))),
    read: ({ start, end = Number.POSITIVE_INFINITY } = { start: 0 }) => read(path, handle, start, end),
    close: () => step("close", path, () => handle.close()),
  };
}

async function* read(path: string, handle: FileHandle, start: number, end: number): Bytes {
  for (let at = start; at < end; ) {
    const bytes = new Uint8Array(Math.min(CHUNK, end - at));
    const { bytesRead } = await step("read", path, () => handle.read(bytes, 0, bytes.length, at));
    if (bytesRead === 0) return;
    yield bytes.subarray(0, bytesRead);
    at += bytesRead;
  }
}

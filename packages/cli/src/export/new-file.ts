/** Writes a file that appears whole or not at all, and never replaces another unasked. */
import { randomBytes } from "node:crypto";
import { type FileHandle, link, lstat, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ArchiverError, type Bytes } from "@session-archiver/core";
import { systemCode, toFileError } from "../fs-errors.js";

/** Only the owner may read transcripts. */
const MODE = 0o600;
/** The errors of file systems without hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

export interface NewFileOptions {
  /** Replaces a regular file that exists. */
  readonly force: boolean;
}

/** Resolves to the bytes written. `CONFLICT` if something exists at `path`; an error of `body` is passed on. */
export async function writeNewFile(path: string, body: Bytes, { force }: NewFileOptions): Promise<number> {
  const found = await kindAt(path);
  if (found === "other" || (found === "file" && !force)) throw exists(path, found);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const written = await writeAll(temporary, body);
    if (force) await rename(temporary, path);
    else await publish(temporary, path);
    await syncFolder(dirname(path));
    return written;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw toFileError(error, `write "${path}"`);
  }
}

async function kindAt(path: string): Promise<"nothing" | "file" | "other"> {
  try {
    return (await lstat(path)).isFile() ? "file" : "other";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "nothing";
    throw toFileError(error, `write "${path}"`);
  }
}

async function writeAll(path: string, body: Bytes): Promise<number> {
  const file = await open(path, "wx", MODE);
  try {
    let written = 0;
    for await (const chunk of body) {
      await writeChunk(file, chunk);
      written += chunk.length;
    }
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

async function writeChunk(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}

/** A link fails if something exists; a rename would replace it. */
async function publish(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (systemCode(error) === "EEXIST") throw exists(path, "file");
    if (!NO_LINKS.includes(systemCode(error))) throw error;
    const found = await kindAt(path);
    if (found !== "nothing") throw exists(path, found);
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
}

function exists(path: string, kind: "file" | "other"): ArchiverError {
  const advice =
    kind === "file" ? "name another with -o, or add --force" : "it is not a regular file; name another with -o";
  return new ArchiverError("CONFLICT", `"${path}" exists already: ${advice}.`);
}

/** Makes the new name durable, if the folder can be synced. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "ENOSYS"].includes(systemCode(error))) throw error;
  } finally {
    await folder.close();
  }
}

/** A new file of this machine: private until it is whole, and durable before the call resolves. */
import { constants, type FileHandle, open } from "node:fs/promises";
import { ArchiverError, type Bytes } from "@session-archiver/core";
import type { NewFile } from "../files.js";
import { fileError, systemCode } from "./system-errors.js";

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
const PRIVATE = 0o600;

/** `CONFLICT` if something is there. If it fails later, the unfinished file stays: only its owner knows its name. */
export async function writeNew(path: string, body: Bytes, { mode, mtimeMs }: NewFile): Promise<void> {
  const handle = await create(path);
  try {
    for await (const bytes of body) await writeAll(handle, bytes);
    await handle.chmod(mode & 0o777);
    if (mtimeMs !== undefined) await handle.utimes(mtimeMs / 1000, mtimeMs / 1000);
    await handle.sync();
  } catch (error) {
    throw fileError("write", path, error);
  } finally {
    await handle.close();
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, FLAGS, PRIVATE);
  } catch (error) {
    if (systemCode(error) === "EEXIST") {
      throw new ArchiverError("CONFLICT", `There is something at "${path}" already. It stays.`, { key: path });
    }
    throw fileError("write", path, error);
  }
}

/** The system may take fewer bytes at a time. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

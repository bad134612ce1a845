/** A file being taken in: as many bytes as it had when it was opened. */
import { type FileHandle, open } from "node:fs/promises";
import { ArchiverError, type Bytes } from "@session-archiver/core";
import { toFileError } from "../fs-errors.js";

const CHUNK_BYTES = 1024 * 1024;

export interface Source extends AsyncDisposable {
  /** When it was opened. */
  readonly size: number;
  readonly mtimeMs: number;
  /** The bytes `[start, start + length)` in an array of their own; `CONFLICT` if the file has become shorter. */
  readExactly(start: number, length: number): Promise<Uint8Array>;
  /** From `start` to the end. */
  read(start: number): Bytes;
}

/** `NOT_FOUND` and others as the file system says. */
export async function openSource(path: string): Promise<Source> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw toFileError(error, `read "${path}"`);
  }
  const { size, mtimeMs } = await file.stat();

  async function readExactly(start: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await file
        .read(bytes, filled, length - filled, start + filled)
        .catch((error: unknown) => Promise.reject(toFileError(error, `read "${path}"`)));
      if (bytesRead === 0) {
        throw new ArchiverError("CONFLICT", `"${path}" was made shorter while it was read: import it again.`);
      }
      filled += bytesRead;
    }
    return bytes;
  }
  return {
    size,
    mtimeMs,
    readExactly,
    async *read(start) {
      for (let at = start; at < size; at += CHUNK_BYTES) yield await readExactly(at, Math.min(CHUNK_BYTES, size - at));
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

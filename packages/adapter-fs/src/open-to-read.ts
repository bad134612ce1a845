/**
 * Reads a file that never changes. Opening it is a look, and so is reading a few bytes: in Node's thread pool these would
 * wait behind segments that are being inflated.
 */
import { closeSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { ArchiverError, type Range } from "@session-archiver/core/adapter";
import { openNow, READ_CHUNK } from "./files.js";

export interface ReadableFile {
  readonly size: number;
  /** `CORRUPT` if the file ends before. */
  read(range: Range): AsyncGenerator<Uint8Array>;
  close(): void;
}

/** Up to this many bytes are read in some microseconds. */
const FEW = 64 * 1024;

const readInPool = promisify(read);

/** `undefined` if there is nothing at this path; `CORRUPT` if it is no regular file. */
export function openToRead(path: string): ReadableFile | undefined {
  const opened = openNow(path);
  if (!opened) return undefined;
  const { descriptor, size } = opened;
  const fill = async (bytes: Uint8Array, position: number): Promise<number> => {
    for (let filled = 0; filled < bytes.length; ) {
      const left = bytes.length - filled;
      const count =
        bytes.length <= FEW
          ? readSync(descriptor, bytes, filled, left, position + filled)
          : (await readInPool(descriptor, bytes, filled, left, position + filled)).bytesRead;
      if (count === 0) return filled;
      filled += count;
    }
    return bytes.length;
  };
  return {
    size,
    async *read({ start, end }) {
      for (let at = start; at < end; at += READ_CHUNK) {
        const bytes = new Uint8Array(Math.min(READ_CHUNK, end - at));
        const filled = await fill(bytes, at);
        if (filled < bytes.length) throw new ArchiverError("CORRUPT", `The file ends at byte ${at + filled}.`);
        yield bytes;
      }
    },
    close: () => closeSync(descriptor),
  };
}

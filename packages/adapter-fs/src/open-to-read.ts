/** Opens a file that never changes, and reads from it. */
import { closeSync } from "node:fs";
import type { Range } from "@session-archiver/core/adapter";
import { readRange } from "./file-bytes.js";
import { openFile, READ_ONLY } from "./files.js";

export interface ReadableFile {
  readonly size: number;
  /** `CORRUPT` if the file ends before. */
  read(range: Range): AsyncGenerator<Uint8Array>;
  close(): void;
}

/** `undefined` if there is nothing at this path; `CORRUPT` if it is no regular file. */
export function openToRead(path: string): ReadableFile | undefined {
  const opened = openFile(path, READ_ONLY);
  if (!opened) return undefined;
  const { descriptor, size } = opened;
  return {
    size,
    read: (range) => readRange(descriptor, range),
    close: () => closeSync(descriptor),
  };
}

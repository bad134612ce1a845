/** One blob's file: how much of it counts, and how it grows. */
import { fstatSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError, type ErrorContext } from "@session-archiver/core/adapter";
import { lookInto, openFile, syncDirectory, writeAt } from "./files.js";
import type { BlobFiles } from "./layout.js";
import { createSizeRecord, readSizeRecord, type SizeRecord, updateSizeRecord } from "./size-record.js";
import type { Staging } from "./staging.js";

export interface BlobFile {
  readonly directory: string;
  readonly files: BlobFiles;
  readonly handle: FileHandle;
  /** Bytes that count. */
  readonly size: number;
  /** Bytes in the file: more, if an append was cut short or is under way. */
  readonly fileSize: number;
  readonly record: SizeRecord | undefined;
}

/** The file, to be closed by the caller, unless the blob is gone. Right also while others append and delete. */
export async function openBlobFile(directory: string, files: BlobFiles, flags: number): Promise<BlobFile | undefined> {
  const handle = await openFile(join(directory, files.data), flags);
  if (!handle) return undefined;
  let measured: Measured | undefined;
  try {
    measured = measure(handle.fd, directory, files);
    return measured && { directory, files, handle, ...measured };
  } finally {
    if (!measured) await handle.close();
  }
}

/** Bytes of the blob that count, unless it is gone. */
export function blobSize(directory: string, files: BlobFiles): number | undefined {
  return lookInto(join(directory, files.data), (descriptor) => measure(descriptor, directory, files))?.size;
}

type Measured = Pick<BlobFile, "size" | "fileSize" | "record">;

function measure(descriptor: number, directory: string, files: BlobFiles): Measured | undefined {
  const recordPath = join(directory, files.record);
  let record = readSizeRecord(recordPath);
  const unrecorded = fstatSync(descriptor).size;
  // The first append makes the record before it writes: had one begun before the size was taken, it is there now.
  record ??= readSizeRecord(recordPath);
  const size = record?.size ?? unrecorded;
  const { nlink, size: fileSize } = fstatSync(descriptor);
  // Deleted since it was opened: the record may be a successor's. (A delete removes the data first, then the record.)
  if (nlink === 0) return undefined;
  if (fileSize >= size) return { size, fileSize, record };
  throw new ArchiverError(
    "CORRUPT",
    `${join(directory, files.data)} has ${fileSize} of the ${size} bytes written to it.`,
  );
}

/** Must be called under the lock; gives the new size. See `size-record.ts`. */
export async function appendTo(
  blob: BlobFile,
  chunk: Uint8Array,
  staging: Staging,
  context: ErrorContext,
): Promise<number> {
  const { directory, files, handle, size } = blob;
  if (chunk.length === 0) return size;
  const recordPath = join(directory, files.record);
  let record = blob.record;
  if (!record) {
    record = await createSizeRecord(recordPath, size, staging, context);
    await syncDirectory(directory);
  }
  if (blob.fileSize > size) await handle.truncate(size);
  try {
    await writeAt(handle, chunk, size);
    await handle.datasync();
  } catch (error) {
    await handle.truncate(size).catch(() => undefined); // only for people's eyes: those bytes don't count
    throw error;
  }
  await updateSizeRecord(recordPath, record, size + chunk.length);
  return size + chunk.length;
}

/** One blob's file: how much of it counts. */
import { closeSync, fstatSync } from "node:fs";
import { join } from "node:path";
import { ArchiverError, type BlobHead, type BlobRef } from "@session-archiver/core/adapter";
import { lookInto, openFile, READ_ONLY } from "./files.js";
import { type BlobFiles, blobFiles } from "./layout.js";
import { readSizeRecord } from "./size-record.js";

export interface BlobFile extends BlobHead {
  readonly directory: string;
  readonly files: BlobFiles;
  readonly descriptor: number;
}

/** The file, to be closed by the caller, unless the blob is gone. Right also while others append and delete. */
export function openBlobFile(directory: string, { key, generation }: BlobRef): BlobFile | undefined {
  const files = blobFiles(key.name, generation);
  const opened = openFile(join(directory, files.data), READ_ONLY);
  if (!opened) return undefined;
  const { descriptor } = opened;
  let size: number | undefined;
  try {
    size = measure(descriptor, directory, files);
    return size === undefined ? undefined : { directory, files, descriptor, generation, size };
  } finally {
    if (size === undefined) closeSync(descriptor);
  }
}

/** Bytes of the blob that count, unless it is gone. */
export function blobSize(directory: string, files: BlobFiles): number | undefined {
  return lookInto(join(directory, files.data), (descriptor) => measure(descriptor, directory, files));
}

function measure(descriptor: number, directory: string, files: BlobFiles): number | undefined {
  const recordPath = join(directory, files.record);
  let record = readSizeRecord(recordPath);
  const unrecorded = fstatSync(descriptor).size;
  // The first append makes the record before it writes: had one begun before the size was taken, it is there now.
  record ??= readSizeRecord(recordPath);
  const size = record?.size ?? unrecorded;
  const { nlink, size: fileSize } = fstatSync(descriptor);
  // Deleted since it was opened: the record may be a successor's. (A delete removes the data first, then the record.)
  if (nlink === 0) return undefined;
  requireWhole(join(directory, files.data), fileSize, size);
  return size;
}

/** `CORRUPT` if the file is shorter than what counts. It is longer if an append was cut short, or is under way. */
export function requireWhole(path: string, fileSize: number, size: number): void {
  if (fileSize >= size) return;
  throw new ArchiverError("CORRUPT", `${path} has ${fileSize} of the ${size} bytes written to it.`);
}

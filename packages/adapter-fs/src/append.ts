/** How a blob grows: under the lock of its session, so that nobody else changes its files. See `size-record.ts`. */
import { closeSync, ftruncateSync } from "node:fs";
import { join } from "node:path";
import { type BlobRef, requireExactly } from "@session-archiver/core/adapter";
import { notExactly } from "./blob-directory.js";
import { requireWhole } from "./blob-file.js";
import { syncData, writeAt } from "./file-bytes.js";
import { openFile, READ_WRITE, syncDirectory } from "./files.js";
import { blobFiles, sessionPath } from "./layout.js";
import { createSizeRecord, openSizeRecord, updateSizeRecord } from "./size-record.js";
import type { StoreDirectory } from "./store-directory.js";

/** Throws as `requireExactly` does. The lock must be held. */
export async function appendTo(store: StoreDirectory, at: BlobRef, chunk: Uint8Array): Promise<void> {
  const directory = await store.tree.find(sessionPath(at.key.id));
  const files = blobFiles(at.key.name, at.generation);
  const data = directory === undefined ? undefined : openFile(join(directory, files.data), READ_WRITE);
  if (directory === undefined || !data) throw await notExactly(store, at);
  const recordPath = join(directory, files.record);
  let record: ReturnType<typeof openSizeRecord>;
  try {
    record = openSizeRecord(recordPath);
    const size = record?.size ?? data.size;
    requireWhole(join(directory, files.data), data.size, size);
    requireExactly({ generation: at.generation, size }, at);
    if (chunk.length === 0) return;
    if (!record) {
      await createSizeRecord(recordPath, size, store.staging);
      await syncDirectory(directory);
      record = openSizeRecord(recordPath);
    }
    if (data.size > size) ftruncateSync(data.descriptor, size);
    await write(data.descriptor, chunk, size);
    await updateSizeRecord(record, recordPath, size + chunk.length);
  } finally {
    closeSync(data.descriptor);
    if (record) closeSync(record.descriptor);
  }
}

/** Writes the bytes, durably. They don't count yet. */
async function write(descriptor: number, chunk: Uint8Array, position: number): Promise<void> {
  try {
    await writeAt(descriptor, chunk, position);
    await syncData(descriptor);
  } catch (error) {
    try {
      ftruncateSync(descriptor, position); // only for people who look
    } catch {
      // The next append does it.
    }
    throw error;
  }
}

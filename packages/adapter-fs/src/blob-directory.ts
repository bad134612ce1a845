/** The blobs in a session's directory. */
import { closeSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  type BlobHead,
  type BlobKey,
  type BlobRef,
  blobChanged,
  blobExists,
  blobGone,
  type Call,
  requireExactly,
} from "@session-archiver/core/adapter";
import { type BlobFile, blobSize, openBlobFile } from "./blob-file.js";
import { mapCommitErrors } from "./errors.js";
import { absentAs, allocated, lstatOf, namesIn, syncDirectory } from "./files.js";
import { blobFileParts, blobFiles, blobName, lockKey, sessionPath } from "./layout.js";
import type { StoreDirectory } from "./store-directory.js";
import { removeLeftSizes } from "./tidy.js";
import type { Tree } from "./tree.js";

export interface NamedBlob extends BlobHead {
  readonly name: string;
}

/** The blob's file, whatever its size, to be closed by the caller. */
export async function openBlob(tree: Tree, at: BlobRef): Promise<BlobFile | undefined> {
  const directory = await tree.find(sessionPath(at.key.id));
  return directory === undefined ? undefined : openBlobFile(directory, at);
}

/** All blobs of a session, or only those called `wanted`. Skips files that are not blobs of this store. */
export async function blobsIn(
  { tree, names }: StoreDirectory,
  id: string,
  wanted?: string,
): Promise<readonly NamedBlob[]> {
  const directory = await tree.find(sessionPath(id));
  if (directory === undefined) return [];
  const found: NamedBlob[] = [];
  for (const file of namesIn(directory)) {
    const parts = blobFileParts(file);
    if (!parts || parts.isRecord || (wanted !== undefined && parts.name !== blobName(wanted))) continue;
    const name = await names.recall(parts.name);
    const generation = await names.recall(parts.generation);
    if (!name || !generation || blobFiles(name, generation).data !== file) continue;
    const size = blobSize(directory, blobFiles(name, generation));
    if (size !== undefined) found.push({ name, generation, size });
  }
  return found;
}

/** Bytes that the blobs of a session take up, and its directory, which goes with them. */
export async function blobsOnDisk(tree: Tree, id: string): Promise<number> {
  const directory = await tree.find(sessionPath(id));
  if (directory === undefined) return 0;
  const files = namesIn(directory).filter((file) => blobFileParts(file));
  const bytes = files.reduce((sum, file) => sum + allocated(lstatOf(join(directory, file))), 0);
  return files.length > 0 ? bytes + allocated(lstatOf(directory)) : 0;
}

/** `CONFLICT` if there is a blob of this name, or something else in its place. */
export async function requireNoBlob(tree: Tree, key: BlobKey): Promise<void> {
  const directory = await tree.find(sessionPath(key.id));
  const parts = directory === undefined ? [] : namesIn(directory).map(blobFileParts);
  if (parts.some((part) => part?.name === blobName(key.name) && !part.isRecord)) throw blobExists(key);
}

/** The error for a blob of which there is no file. */
export async function notExactly(store: StoreDirectory, at: BlobRef): Promise<Error> {
  const others = await blobsIn(store, at.key.id, at.key.name);
  return others.length > 0 ? blobChanged(at) : blobGone(at);
}

/** Gives a finished file its name. The lock must be held. */
export async function publishBlob(tree: Tree, file: string, key: BlobKey, generation: string): Promise<void> {
  await requireNoBlob(tree, key);
  const path = sessionPath(key.id);
  const directory = await tree.ensure(path);
  // Sizes left by a delete that was cut short. Their removal must be durable before the new blob appears.
  if (removeLeftSizes(directory, blobName(key.name))) await syncDirectory(directory);
  await tree.moveTo(file, path, blobFiles(key.name, generation).data);
  await mapCommitErrors(() => tree.sync(path));
}

/** Deletes the blob if it is exactly `at`, and the session's directory with its last one. */
export async function deleteBlob(store: StoreDirectory, at: BlobRef, call: Call): Promise<void> {
  const { tree, lock } = store;
  const path = sessionPath(at.key.id);
  const remove = async (): Promise<void> => {
    const blob = await openBlob(tree, at);
    if (!blob) throw await notExactly(store, at);
    closeSync(blob.descriptor);
    const { directory, files } = requireExactly(blob, at);
    await unlink(join(directory, files.data));
    await mapCommitErrors(async () => {
      await tree.syncNearest(path);
      // The size goes only once its data is durably gone.
      await absentAs(unlink(join(directory, files.record)));
      await tree.removeEmpty(path);
    });
  };
  await lock.run(lockKey(at.key.id), remove, call);
}

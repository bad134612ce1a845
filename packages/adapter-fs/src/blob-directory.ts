/** The blobs in a session's directory. What changes something takes the store's lock, or says that it must be held. */
import { readdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  ArchiverError,
  type BlobKey,
  type BlobRef,
  type ErrorContext,
  type OpOptions,
} from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { type BlobFile, blobSize, openBlobFile } from "./blob-file.js";
import { committing } from "./errors.js";
import { absentAs, lstatOf, READ_ONLY, syncDirectory } from "./files.js";
import { type BlobFiles, blobFileParts, blobFiles, blobName, sessionPath } from "./layout.js";
import type { LongNames } from "./long-names.js";
import type { Tree } from "./tree.js";

export function said({ id, name }: BlobKey): string {
  return `blob "${name}" of "${id}"`;
}

export function contextOf({ id, name }: BlobKey): ErrorContext {
  return { id, key: name };
}

export function gone(key: BlobKey): ArchiverError {
  return new ArchiverError("NOT_FOUND", `There is no ${said(key)} of this generation.`, contextOf(key));
}

export function conflict(key: BlobKey, what: string): ArchiverError {
  return new ArchiverError("CONFLICT", `The ${said(key)} ${what}.`, contextOf(key));
}

/** The names of all files of a session. */
async function filesOf(tree: Tree, id: string): Promise<readonly string[]> {
  const directory = await tree.find(sessionPath(id));
  return (directory === undefined ? undefined : await absentAs(readdir(directory))) ?? [];
}

/** The blob's file, whatever its size, to be closed by the caller. */
export async function openBlob(tree: Tree, at: Omit<BlobRef, "size">, flags: number): Promise<BlobFile | undefined> {
  const directory = await tree.find(sessionPath(at.key.id));
  return directory === undefined ? undefined : openBlobFile(directory, blobFiles(at.key.name, at.generation), flags);
}

/** All blobs of a session, or the one of this name. Files that are none of ours are left alone. */
export async function* blobsOf(tree: Tree, names: LongNames, id: string, wanted?: string): AsyncGenerator<BlobRef> {
  for (const file of await filesOf(tree, id)) {
    const parts = blobFileParts(file);
    if (!parts || parts.isRecord || (wanted !== undefined && parts.name !== blobName(wanted))) continue;
    const name = await names.recall(parts.name);
    const generation = await names.recall(parts.generation);
    if (!name || !generation || blobFiles(name, generation).data !== file) continue;
    const at = { key: { id, name }, generation };
    const directory = await tree.find(sessionPath(id));
    const size = directory === undefined ? undefined : blobSize(directory, blobFiles(name, generation));
    if (size !== undefined) yield { ...at, size };
  }
}

export async function requireAbsent(tree: Tree, key: BlobKey): Promise<void> {
  const parts = (await filesOf(tree, key.id)).map(blobFileParts);
  if (parts.some((part) => part?.name === blobName(key.name) && !part.isRecord)) throw conflict(key, "exists already");
}

/** Hands the blob's file to `use` if it is exactly `at`. */
export async function withExactly<T>(
  { tree, names }: Area,
  at: BlobRef,
  flags: number,
  use: (blob: BlobFile) => Promise<T>,
): Promise<T> {
  const blob = await openBlob(tree, at, flags);
  if (!blob) {
    for await (const now of blobsOf(tree, names, at.key.id, at.key.name)) {
      throw conflict(at.key, `was replaced: its generation is ${now.generation}`);
    }
    throw gone(at.key);
  }
  try {
    if (blob.size !== at.size) throw conflict(at.key, `has ${blob.size} bytes, not ${at.size}`);
    return await use(blob);
  } finally {
    await blob.handle.close();
  }
}

/** Gives a finished file its name. The lock must be held. */
export async function publishBlob(tree: Tree, file: string, key: BlobKey, generation: string): Promise<void> {
  await requireAbsent(tree, key);
  const path = sessionPath(key.id);
  const directory = await tree.ensure(path);
  // Left by a delete that was cut short. They must be gone for good before their blob's successor appears.
  const stale = (await readdir(directory)).filter((name) => blobFileParts(name)?.name === blobName(key.name));
  for (const record of stale) await unlink(join(directory, record));
  if (stale.length > 0) await syncDirectory(directory);
  await rename(file, join(directory, blobFiles(key.name, generation).data));
  await committing(() => tree.sync(path));
}

/** Deletes the blob if it is exactly `at`. Only the steps that go by the present state hold the lock, no sync does. */
export async function deleteBlob(area: Area, at: BlobRef, op: OpOptions | undefined): Promise<void> {
  const { tree, lock } = area;
  const unlinkData = async ({ directory, files }: BlobFile): Promise<BlobFiles & { directory: string }> => {
    await unlink(join(directory, files.data));
    return { ...files, directory };
  };
  const gone = await lock.run(() => withExactly(area, at, READ_ONLY, unlinkData), op);
  await committing(async () => {
    // Whoever has removed the directory meanwhile had made what was in it durable.
    await absentAs(syncDirectory(gone.directory));
    await lock.run(async () => {
      // Not a successor's, nor before its data is gone for good.
      if (!lstatOf(join(gone.directory, gone.data))) await absentAs(unlink(join(gone.directory, gone.record)));
      await tree.removeEmpty(sessionPath(at.key.id));
    });
  });
}

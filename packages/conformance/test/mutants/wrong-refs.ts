/** Refs that a defective blob store uses instead of the one in the call. */
import { ArchiverError, type BlobRef, type BlobStore } from "@session-archiver/core";

/** The current ref if the blob exists, or else the one in the call. */
export async function current(base: BlobStore, at: BlobRef): Promise<BlobRef> {
  return (await base.stat(at.key)) ?? at;
}

/** With the current size, if the generation is the same. */
export async function grown(base: BlobStore, at: BlobRef): Promise<BlobRef> {
  const now = await current(base, at);
  return now.generation === at.generation ? now : at;
}

/** With the current generation, if the size is the same. */
export async function sameSize(base: BlobStore, at: BlobRef): Promise<BlobRef> {
  const now = await current(base, at);
  return now.size === at.size ? now : at;
}

export async function checkExactly(base: BlobStore, at: BlobRef): Promise<void> {
  const now = await base.stat(at.key);
  const context = { id: at.key.id, key: at.key.name };
  if (!now) throw new ArchiverError("NOT_FOUND", "Gone.", context);
  if (now.generation !== at.generation || now.size !== at.size)
    throw new ArchiverError("CONFLICT", "Changed.", context);
}

/** A consistent view of one session: its object and its blobs as they were together. */

import { keepsChanging, MAX_TRIES } from "../adapter/retry.js";
import { checkName } from "../adapter/validate.js";
import type { Context } from "../context.js";
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { BlobRef, OpOptions, StoredObject } from "../ports.js";
import { type FileState, fileStates } from "./file-state.js";
import { isRemoving } from "./state.js";

export { MAX_TRIES };

export interface Snapshot {
  readonly object: StoredObject;
  readonly files: readonly FileState[];
}

/**
 * Reads the object before and after the blobs. If its version is the same, no archive or restore was committed in
 * between, and object and blobs belong together. `NOT_FOUND` for an unknown id.
 */
export async function takeSnapshot(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  return confirm(ctx, await peek(ctx, id, op), op);
}

/**
 * Turns the result of `peek` or `peekAt` into a certain one: returns it if its object is still the same, or else a new
 * snapshot.
 */
export async function confirm(ctx: Context, seen: Snapshot, op?: OpOptions): Promise<Snapshot> {
  const { id } = seen.object;
  let snapshot = seen;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const after = await getObject(ctx, id, op);
    if (after.version === snapshot.object.version) return snapshot;
    snapshot = await peekAt(ctx, after, op);
  }
  throw busy(id);
}

/**
 * An object that was read before, with its blobs as they are now. Only a swap that expects this very version, or
 * `confirm`, shows whether they belong together; conclude nothing without one of them.
 */
export async function peekAt(ctx: Context, object: StoredObject, op?: OpOptions): Promise<Snapshot> {
  return withBlobs(object, await blobsOf(ctx, object.id, op));
}

/** Like {@link peekAt}, with the object as it is now. */
export async function peek(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  return peekAt(ctx, await getObject(ctx, id, op), op);
}

export function withBlobs(object: StoredObject, blobs: readonly BlobRef[]): Snapshot {
  return { object, files: fileStates(object.id, object.meta, blobs) };
}

/** The same blobs with another object, such as the one that a commit has left. */
export function withObject({ files }: Snapshot, object: StoredObject): Snapshot {
  return withBlobs(object, liveBlobs(files));
}

function liveBlobs(states: readonly FileState[]): readonly BlobRef[] {
  return states.flatMap((state) => ("blob" in state ? [state.blob] : []));
}

export async function blobsOf(ctx: Context, id: string, op: OpOptions | undefined): Promise<readonly BlobRef[]> {
  const blobs: BlobRef[] = [];
  for await (const blob of ctx.blobs.list(id, op)) blobs.push(blob);
  return blobs;
}

export async function getObject(ctx: Context, id: string, op?: OpOptions): Promise<StoredObject> {
  throwIfAborted(op?.signal, { id });
  const object = await ctx.objects.get(id, op);
  if (object && !isRemoving(object.meta)) return object;
  throw new ArchiverError("NOT_FOUND", `There is no session "${id}".`, { id });
}

export function busy(id: string): ArchiverError {
  return keepsChanging(`Session "${id}"`, { id });
}

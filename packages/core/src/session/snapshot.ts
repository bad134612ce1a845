/** A consistent look at one session: its object and its blobs as they were together. */

import { checkName } from "../adapter/validate.js";
import type { Context } from "../context.js";
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { BlobRef, OpOptions, StoredObject } from "../ports.js";
import { type FileState, fileStates } from "./file-state.js";
import { isRemoving } from "./state.js";

/** Tries before an operation gives up on a session that keeps changing under it. */
export const MAX_TRIES = 20;

export interface Snapshot {
  readonly object: StoredObject;
  readonly files: readonly FileState[];
}

/**
 * Reads the object before and after the blobs: if its version is the same, no archive or restore was committed between,
 * and the two belong together. `NOT_FOUND` for an unknown id.
 */
export async function takeSnapshot(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  return confirm(ctx, await peek(ctx, id, op), op);
}

/** What `lookAt` or `look` has seen, once its object is found to be the same still; or else what is there now. */
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
 * An object that was read before, and its blobs as they are now. Only a swap that expects this very version, or
 * `confirm`, shows whether they belong together; nothing may be concluded without one.
 */
export async function peekAt(ctx: Context, object: StoredObject, op?: OpOptions): Promise<Snapshot> {
  return withBlobs(object, await blobsOf(ctx, object.id, op));
}

/** The same with the object as it is now. */
export async function peek(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  return peekAt(ctx, await getObject(ctx, id, op), op);
}

export function withBlobs(object: StoredObject, blobs: readonly BlobRef[]): Snapshot {
  return { object, files: fileStates(object.id, object.meta, blobs) };
}

/** The same blobs under another object, such as the one that a commit has left. */
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
  return new ArchiverError("CONFLICT", `Session "${id}" keeps changing; nothing is lost, try again when it is quiet.`, {
    id,
  });
}

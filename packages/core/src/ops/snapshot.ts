/** A consistent look at one session: its object and its blobs as they were together. */

import { checkName } from "../adapter/validate.js";
import type { Context } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { KEY, OUTPUT, positiveAt } from "../metadata.js";
import type { BlobRef, Meta, OpOptions, StoredObject } from "../ports.js";
import { type Change, changesOf } from "../records/changes.js";
import { isPruned, isRemoving, type Part, partsOf, sizesOf, stateOf } from "../session.js";

/** Tries before an operation gives up on a session that keeps changing under it. */
export const MAX_TRIES = 20;

export interface Snapshot {
  readonly object: StoredObject;
  readonly parts: readonly Part[];
}

/**
 * Reads the object before and after the blobs: if its version is the same, no archive or restore was committed between,
 * and the two belong together. `NOT_FOUND` for an unknown id.
 */
export async function takeSnapshot(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  return confirm(ctx, await look(ctx, id, op), op);
}

/** What `lookAt` or `look` has seen, once its object is found to be the same still; or else what is there now. */
export async function confirm(ctx: Context, seen: Snapshot, op?: OpOptions): Promise<Snapshot> {
  const { id } = seen.object;
  let snapshot = seen;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const after = await getObject(ctx, id, op);
    if (after.version === snapshot.object.version) return snapshot;
    snapshot = await lookAt(ctx, after, op);
  }
  throw busy(id);
}

/**
 * An object that was read before, and its blobs as they are now. Only a swap that expects this very version, or
 * `confirm`, shows whether they belong together; nothing may be concluded without one.
 */
export async function lookAt(ctx: Context, object: StoredObject, op?: OpOptions): Promise<Snapshot> {
  return withBlobs(object, await blobsOf(ctx, object.id, op));
}

/** The same with the object as it is now. */
export async function look(ctx: Context, id: string, op?: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  return lookAt(ctx, await getObject(ctx, id, op), op);
}

export function withBlobs(object: StoredObject, blobs: readonly BlobRef[]): Snapshot {
  return { object, parts: partsOf(object.id, object.meta, blobs) };
}

/** The same blobs under another object, such as the one that a commit has left. */
export function withObject({ parts }: Snapshot, object: StoredObject): Snapshot {
  return withBlobs(object, liveBlobs(parts));
}

function liveBlobs(parts: readonly Part[]): readonly BlobRef[] {
  return parts.flatMap((part) => ("blob" in part ? [part.blob] : []));
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

/** Changes the metadata by compare-and-swap until it takes; `change` gives back the same object to leave it as it is. */
export async function updateMeta(
  ctx: Context,
  id: string,
  change: (meta: Meta) => Meta,
  op?: OpOptions,
): Promise<StoredObject> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const object = await getObject(ctx, id, op);
    const meta = change(object.meta);
    if (meta === object.meta) return object;
    const version = await tryPut(ctx, object, meta, op);
    if (version !== undefined) return { id, version, meta };
  }
  throw busy(id);
}

/**
 * The new version, or `undefined` if the object has changed since it was read. Every change of a session goes through here:
 * what gives bytes up, or takes that back, is put on record first.
 */
export async function tryPut(
  ctx: Context,
  object: StoredObject,
  meta: Meta,
  op?: OpOptions,
): Promise<string | undefined> {
  await recordChanges(ctx, object, meta);
  try {
    return await ctx.objects.put(object.id, meta, object.version, op);
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    throw error;
  }
}

/** Puts on record what a commit is going to give up or take back. */
export async function recordChanges(
  ctx: Context,
  { id, meta }: Pick<StoredObject, "id" | "meta">,
  next: Meta,
): Promise<void> {
  const changes = changesOf(id, meta, next);
  await ctx.records.add(
    ctx.operation,
    changes.filter((change) => !ctx.announced?.has(nameOf(change))),
  );
}

/** Puts the changes of a whole run on record, so that its commits need no records of their own: use what it returns. */
export async function announce(ctx: Context, changes: readonly Change[]): Promise<Context> {
  for (let at = 0; at < changes.length; at += MOST_CHANGES) {
    await ctx.records.add(ctx.operation, changes.slice(at, at + MOST_CHANGES));
  }
  return { ...ctx, announced: new Set(changes.map(nameOf)) };
}

/** In one record: some MB. */
const MOST_CHANGES = 10_000;

function nameOf({ change, id }: Change): string {
  return `${change} ${id}`;
}

export function busy(id: string): ArchiverError {
  return new ArchiverError("CONFLICT", `Session "${id}" keeps changing; nothing is lost, try again when it is quiet.`, {
    id,
  });
}

/** `PRUNED` if there is nothing but a tombstone; one that was written to or restored since is in use. */
export function refusePruned({ object: { id, meta }, parts }: Snapshot): void {
  if (isPruned(meta) && !parts.some((part) => sizesOf(part).live > 0)) {
    throw new ArchiverError("PRUNED", `Session "${id}" was pruned; undo that first, if its grace period allows.`, {
      id,
    });
  }
}

/** The file's bytes as they stand. */
export function fileSize(part: Part | undefined): number {
  if (!part) return 0;
  const { archived, live } = sizesOf(part);
  return archived + live;
}

export function partNamed(snapshot: Snapshot, name: string = OUTPUT): Part | undefined {
  return snapshot.parts.find((part) => part.name === name);
}

/** Whether the output is this blob, ends with it, or was archived from it last. */
export function holdsBlob(snapshot: Snapshot, generation: string): boolean {
  const part = partNamed(snapshot);
  if (!part) return false;
  const isCounted = "blob" in part && part.kind !== "candidate" && part.kind !== "stray";
  return (isCounted && part.blob.generation === generation) || ("file" in part && part.file?.generation === generation);
}

/** Whether all of it is in the archive, and nothing is under way. */
export function isAtRest({ object: { meta }, parts }: Snapshot): boolean {
  const isSettled = stateOf(meta) === "archived" && positiveAt(meta, KEY.settlingAt) === undefined;
  return isSettled && parts.every((part) => part.kind === "archived");
}

/** Whether the output has live bytes that are part of it. */
export function hasNewOutput(snapshot: Snapshot): boolean {
  const part = partNamed(snapshot);
  return part !== undefined && sizesOf(part).live > 0;
}

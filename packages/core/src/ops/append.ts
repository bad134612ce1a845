/** Appends to a session's output wherever it is: live, being archived, archived, being restored, pruned. */
import { bytesOf, collect, isSame } from "../bytes.js";
import { attempt, type Context } from "../context.js";
import { hasCode } from "../errors.js";
import { OUTPUT } from "../metadata.js";
import type { BlobRef, Meta } from "../ports.js";
import { followingGeneration, isArchived, isPurged, sizesOf } from "../session.js";
import { asMarkedAnew, asWritten } from "../transitions.js";
import { deleteExactly } from "./delete-exactly.js";
import { leaveNothingBehind } from "./finish-remove.js";
import { tellRevived } from "./revived.js";
import { busy, fileSize, holdsBlob, MAX_TRIES, partNamed, takeSnapshot, tryPut } from "./snapshot.js";

/** Where the next append goes, as the last one left it. */
export type Position = BlobRef;

export interface Appended {
  readonly position: Position;
  /** The session was purged before: what it held is no part of it any more. */
  readonly fresh: boolean;
}

/**
 * Appends once, whatever else happens to the session meanwhile. If it rejects with `UNAVAILABLE` and the store could not be
 * asked afterwards, the bytes may be there; with any other code they are not. `expectedBytes`: what the output has to hold, if
 * the position is not what it was, and `isStill` what must be true of its metadata then; otherwise `CONFLICT`.
 */
export async function appendOutput(
  ctx: Context,
  id: string,
  bytes: Uint8Array,
  position: Position | undefined,
  expectedBytes?: number,
  isStill: (meta: Meta) => boolean = () => true,
): Promise<Appended> {
  let at = position;
  let fresh = false;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (at) {
      const appended = await appendAt(ctx, at, bytes, expectedBytes !== undefined);
      if (appended) return { position: appended, fresh };
    }
    const { object, parts } = await takeSnapshot(ctx, id);
    const part = partNamed({ object, parts });
    if (expectedBytes !== undefined && (fileSize(part) !== expectedBytes || !isStill(object.meta))) throw busy(id);
    if (part?.kind === "stray") await deleteExactly(ctx, part.blob, {});
    // Marked before the first byte, so that a sweep finds the new output whatever happens after it.
    const marked = asWritten(object.meta, ctx.now());
    if (marked !== object.meta) {
      if ((await tryPut(ctx, object, marked)) === undefined) continue;
      fresh ||= isPurged(object.meta);
      tellRevived(ctx, id, object.meta);
    }
    if (part?.kind === "candidate") continue; // a stray, now that the intent is gone
    if (part && part.kind !== "stray" && "blob" in part) {
      at = part.blob;
      continue;
    }
    const follows = expectedBytes !== undefined && part?.kind === "archived" ? part.file : undefined;
    const generation = follows ? followingGeneration(follows, ctx.randomId()) : `live-${ctx.randomId()}`;
    const created = await createWith(ctx, id, generation, bytes);
    if (!created) continue;
    await leaveNothingBehind(ctx, id, [created]);
    // A settle that had looked before there was a blob may have taken the mark away, or be about to: now it can't.
    if (isArchived(marked)) {
      await attempt(ctx, id, () => markWritten(ctx, id, asMarkedAnew));
    }
    if (follows && !holdsBlob(await takeSnapshot(ctx, id), generation)) {
      await deleteExactly(ctx, created, {});
      throw busy(id);
    }
    return { position: created, fresh };
  }
  throw busy(id);
}

/** Marks a session as in use if its output has live bytes: in one swap against the very state that shows them. */
export async function markWritten(
  ctx: Context,
  id: string,
  mark: (meta: Meta, now: number) => Meta = asWritten,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const snapshot = await takeSnapshot(ctx, id);
    const part = partNamed(snapshot);
    if (!part || sizesOf(part).live === 0) return;
    const { object } = snapshot;
    const marked = mark(object.meta, ctx.now());
    if (marked === object.meta) return;
    if ((await tryPut(ctx, object, marked)) !== undefined) return tellRevived(ctx, id, object.meta);
  }
  throw busy(id);
}

/** The new position, or `undefined` if the blob is not what it was. */
async function appendAt(ctx: Context, at: BlobRef, bytes: Uint8Array, isShared: boolean): Promise<BlobRef | undefined> {
  try {
    return await ctx.blobs.append(at, bytes);
  } catch (error) {
    if (hasCode(error, "CONFLICT", "NOT_FOUND")) return undefined;
    return afterUnclear(ctx, error, { ...at, size: at.size + bytes.length }, isShared ? bytes : undefined);
  }
}

async function createWith(
  ctx: Context,
  id: string,
  generation: string,
  bytes: Uint8Array,
): Promise<BlobRef | undefined> {
  const key = { id, name: OUTPUT };
  try {
    return await ctx.blobs.create(key, generation, bytesOf(bytes));
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    return afterUnclear(ctx, error, { key, generation, size: bytes.length });
  }
}

/**
 * A write that failed with UNAVAILABLE may have been done: with one writer, the blob's size tells. Where there may be more,
 * `ending` is what the blob must end with.
 */
async function afterUnclear(ctx: Context, error: unknown, done: BlobRef, ending?: Uint8Array): Promise<BlobRef> {
  if (!hasCode(error, "UNAVAILABLE")) throw error;
  const now = await ctx.blobs.stat(done.key);
  if (now?.generation !== done.generation || now.size !== done.size) throw error;
  if (ending && !isSame(await collect(ctx.blobs.read(now, { start: now.size - ending.length })), ending)) throw error;
  return now;
}

/** Appends to a session's output wherever it is: live, being archived, archived, being restored, pruned. */
import { bytesOf, isSame, toBytes } from "../bytes.js";
import { attempt, type Context } from "../context.js";
import { hasCode } from "../errors.js";
import { leaveNothingBehind } from "../ops/remove/finish-remove.js";
import type { BlobRef, Meta, StoredObject } from "../ports.js";
import { tryPut } from "../session/commit.js";
import { deleteIfUnchanged } from "../session/delete-if-unchanged.js";
import { followingGeneration } from "../session/file-state.js";
import { OUTPUT } from "../session/metadata.js";
import { tellRevived } from "../session/revived.js";
import { busy, confirm, MAX_TRIES, peek, peekAt, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileNamed, fileSize, hasNewOutput, holdsBlob } from "../session/snapshot-facts.js";
import { isArchived, isPurged } from "../session/state.js";
import { asMarkedAnew, asWritten } from "../session/transitions/written.js";

/** Where the next append goes, as the last one left it. */
export type Position = BlobRef;

export interface Appended {
  readonly position: Position;
  /** The session was purged before: what it held is no part of it any more. */
  readonly fresh: boolean;
}

/** What the writer knows already. */
interface Known {
  /** Where its last append has ended. */
  readonly position?: Position | undefined;
  /** What the output has to hold, if the position is not what it was; otherwise `CONFLICT`. */
  readonly expectedBytes?: number | undefined;
  /** What must be true of its metadata then; otherwise `CONFLICT`. */
  readonly isStill?: ((meta: Meta) => boolean) | undefined;
  /** The object as it was read or made a moment ago. */
  readonly object?: StoredObject | undefined;
}

/**
 * Appends once, whatever else happens to the session meanwhile. If it rejects with `UNAVAILABLE` and the store could not be
 * asked afterwards, the bytes may be there; with any other code they are not.
 */
export async function appendOutput(ctx: Context, id: string, bytes: Uint8Array, known: Known): Promise<Appended> {
  const { position, expectedBytes, isStill = () => true } = known;
  let { object: before } = known;
  let at = position;
  let fresh = false;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (at) {
      const appended = await appendAt(ctx, at, bytes, expectedBytes !== undefined);
      if (appended) return { position: appended, fresh };
    }
    const seen = before ? await peekAt(ctx, before) : await peek(ctx, id);
    before = undefined;
    // The mark's swap shows whether what was seen belongs together. Where there will be none, it must be certain.
    const isSwapNext = expectedBytes === undefined && isMarkNext(ctx, seen);
    const snapshot = isSwapNext ? seen : await confirm(ctx, seen);
    const { object } = snapshot;
    const state = fileNamed(snapshot);
    if (expectedBytes !== undefined && (fileSize(state) !== expectedBytes || !isStill(object.meta))) throw busy(id);
    if (state?.kind === "stray") await deleteIfUnchanged(ctx, state.blob, {});
    // Marked before the first byte, so that a sweep finds the new output whatever happens after it.
    const marked = asWritten(object.meta, ctx.now());
    if (marked !== object.meta) {
      if ((await tryPut(ctx, object, marked)) === undefined) continue;
      fresh ||= isPurged(object.meta);
      tellRevived(ctx, id, object.meta);
    }
    if (state?.kind === "candidate") continue; // a stray, now that the intent is gone
    if (state && state.kind !== "stray" && "blob" in state) {
      at = state.blob;
      continue;
    }
    const follows = expectedBytes !== undefined && state?.kind === "archived" ? state.file : undefined;
    const generation = follows ? followingGeneration(follows, ctx.randomId()) : `live-${ctx.randomId()}`;
    const created = await createWith(ctx, id, generation, bytes);
    if (!created) continue;
    await leaveNothingBehind(ctx, id, [created]);
    // A settle that had looked before there was a blob may have taken the mark away, or be about to: now it can't.
    if (isArchived(marked)) {
      await attempt(ctx, id, () => markWritten(ctx, id, asMarkedAnew));
    }
    if (follows && !holdsBlob(await takeSnapshot(ctx, id), generation)) {
      await deleteIfUnchanged(ctx, created, {});
      throw busy(id);
    }
    return { position: created, fresh };
  }
  throw busy(id);
}

/** Whether the next step is to mark the session: not if it has the mark already, nor while a stray has to go first. */
function isMarkNext(ctx: Context, seen: Snapshot): boolean {
  const { meta } = seen.object;
  return asWritten(meta, ctx.now()) !== meta && fileNamed(seen)?.kind !== "stray";
}

/** Marks a session as in use if its output has live bytes: in one swap against the very state that shows them. */
export async function markWritten(
  ctx: Context,
  id: string,
  mark: (meta: Meta, now: number) => Meta = asWritten,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seen = await peek(ctx, id);
    const { object } = seen;
    const marked = hasNewOutput(seen) ? mark(object.meta, ctx.now()) : object.meta;
    if (marked === object.meta) {
      if ((await confirm(ctx, seen)) === seen) return;
    } else if ((await tryPut(ctx, object, marked)) !== undefined) return tellRevived(ctx, id, object.meta);
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
  if (ending && !isSame(await toBytes(ctx.blobs.read(now, { start: now.size - ending.length })), ending)) throw error;
  return now;
}

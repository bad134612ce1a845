/** Changes a session's metadata by compare-and-swap, which is the only commit there is. */
import { retryOnConflict } from "../adapter/retry.js";
import { attempt, type Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { Meta, OpOptions, StoredObject } from "../ports.js";
import { type Change, changesOf, isDispensable } from "../run-records/changes.js";
import { getObject } from "./snapshot.js";

/** Repeats the compare-and-swap until it takes. `change` returns its argument itself to leave the metadata as it is. */
export async function updateMeta(
  ctx: Context,
  id: string,
  change: (meta: Meta) => Meta,
  op?: OpOptions,
): Promise<StoredObject> {
  return retryOnConflict(`Session "${id}"`, { id }, async () => {
    const object = await getObject(ctx, id, op);
    const meta = change(object.meta);
    if (meta === object.meta) return object;
    const version = await tryPut(ctx, object, meta, op);
    return version === undefined ? undefined : { id, version, meta };
  });
}

/**
 * The new version, or `undefined` if the object has changed since it was read. Every change of a session goes through
 * here, so that a change that gives bytes up, or takes that back, is put on record first.
 */
export async function tryPut(
  ctx: Context,
  object: StoredObject,
  meta: Meta,
  op?: OpOptions,
): Promise<string | undefined> {
  await recordChanges(ctx, object, meta);
  try {
    const version = await ctx.objects.put(object.id, meta, object.version, op);
    ctx.dropped.note(object.id, object.meta, meta, ctx.now());
    return version;
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    throw error;
  }
}

/** Puts on record what a commit is about to give up or take back. */
export async function recordChanges(
  ctx: Context,
  { id, meta }: Pick<StoredObject, "id" | "meta">,
  next: Meta,
): Promise<void> {
  const changes = changesOf(id, meta, next).filter((change) => !ctx.announced?.has(nameOf(change)));
  const write = (): Promise<void> => ctx.records.add(ctx.operation, changes);
  // A sink that is full, or that can't be reached, must not keep an agent from writing its output.
  if (changes.every(isDispensable)) await attempt(ctx, id, write);
  else await write();
}

/**
 * Puts the changes of a whole run on record. Pass the returned context on, so that the run's commits need no records of
 * their own.
 */
export async function announce(ctx: Context, changes: readonly Change[]): Promise<Context> {
  for (const part of inParts(changes)) await ctx.records.add(ctx.operation, part);
  return { ...ctx, announced: new Set(changes.map(nameOf)) };
}

/** Most changes in one record, and about how much text: records are read and written in whole. */
const MOST_CHANGES = 10_000;
const MOST_TEXT = 8 * 1024 * 1024;

function* inParts(changes: readonly Change[]): Generator<readonly Change[]> {
  let part: Change[] = [];
  let text = 0;
  for (const change of changes) {
    part.push(change);
    text += change.meta ? JSON.stringify(change.meta).length : 0;
    if (part.length < MOST_CHANGES && text < MOST_TEXT) continue;
    yield part;
    part = [];
    text = 0;
  }
  if (part.length > 0) yield part;
}

function nameOf({ change, id }: Change): string {
  return `${change} ${id}`;
}

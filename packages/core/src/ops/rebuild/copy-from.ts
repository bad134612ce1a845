/**
 * Takes what can still be read out of another catalogue, such as one that is damaged: sessions that this one lacks, with
 * their live bytes. Changes nothing there.
 */
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import { exactBytes } from "../../format/exact-bytes.js";
import { parseKey } from "../../format/keys.js";
import type {
  ArchiveSink,
  BlobRef,
  BlobStore,
  Bytes,
  ObjectQuery,
  ObjectStore,
  OpOptions,
  StoredObject,
} from "../../ports.js";
import { exactBlobs } from "../../read/exact-blobs.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { isRemoving } from "../../session/state.js";
import { failureOf, type SessionFailure } from "../report.js";

/** The catalogue to take from: a store's objects and blobs. */
export interface OtherCatalogue {
  readonly objects: ObjectStore;
  readonly blobs: BlobStore;
  /** Its archives, if they lie in the same damaged place: those that can be read are copied into this sink. */
  readonly archives?: ArchiveSink | undefined;
}

export interface Copied {
  /** Sessions that were taken over. */
  readonly ids: string[];
  /** Of those, sessions whose live bytes could not be read to their end: what comes before is there. */
  readonly cut: string[];
  /** Sessions that could not be taken over now, though they may be there whole: the other catalogue did not answer. */
  readonly failures: SessionFailure[];
}

const NEWLINE = 10;

/** `ids`: sessions to ask for in addition to those that the other catalogue can list. */
export async function copyFrom(
  ctx: Context,
  from: OtherCatalogue,
  ids: ReadonlySet<string>,
  store: string | undefined,
  op: OpOptions,
): Promise<Copied> {
  const copied: Copied = { ids: [], cut: [], failures: [] };
  for await (const { id, object } of readable(ctx, from.objects, ids, op)) {
    if (object && (isRemoving(object.meta) || (await isElsewhere(ctx, object, store, op)))) continue;
    if (await ctx.objects.get(id, op)) continue;
    try {
      await copySession(ctx, from, id, object, copied, op);
    } catch (error) {
      if (hasCode(error, "ABORTED", "QUOTA")) throw error;
      copied.failures.push(failureOf(id, error));
    }
  }
  return copied;
}

/** The object comes last: until then a later run begins anew with what is lacking. */
async function copySession(
  ctx: Context,
  from: OtherCatalogue,
  id: string,
  object: StoredObject | undefined,
  copied: Copied,
  op: OpOptions,
): Promise<void> {
  let isCut = false;
  const blobs = await blobsIn(ctx, from.blobs, id, op);
  for (const blob of blobs) isCut = (await copyBlob(ctx, from.blobs, blob, op)) || isCut;
  if (!object && blobs.length === 0) return;
  if (object) await putUnlessThere(ctx, object, op);
  copied.ids.push(id);
  if (isCut) copied.cut.push(id);
}

/** Each session once: with its object, or without it if that can't be read. */
async function* readable(
  ctx: Context,
  objects: ObjectStore,
  ids: ReadonlySet<string>,
  op: OpOptions,
): AsyncGenerator<{ readonly id: string; readonly object: StoredObject | undefined }> {
  const seen = new Set<string>();
  // Where one way through a damaged catalogue ends early, another may lead around the damage.
  for (const query of [{}, { archived: false }, { archived: true }] satisfies ObjectQuery[]) {
    try {
      for await (const object of objects.list(query, op)) {
        if (seen.has(object.id)) continue;
        seen.add(object.id);
        yield { id: object.id, object };
      }
    } catch (error) {
      passOver(ctx, undefined, error);
    }
  }
  for (const id of ids) {
    if (seen.has(id)) continue;
    let object: StoredObject | undefined;
    try {
      object = await objects.get(id, op);
    } catch (error) {
      passOver(ctx, id, error);
    }
    yield { id, object };
  }
}

/** Whether the session belongs to another store, and has its archives there: this catalogue could read none of it. */
async function isElsewhere(
  ctx: Context,
  { id, meta }: StoredObject,
  store: string | undefined,
  op: OpOptions,
): Promise<boolean> {
  try {
    for (const { key } of archivedFiles(id, meta).flatMap(partsOfFile)) {
      const isOthers = parseKey(key)?.store !== store;
      if (isOthers && (await ctx.archives.stat(key, op)) === undefined) return true;
    }
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
  }
  return false;
}

async function blobsIn(ctx: Context, blobs: BlobStore, id: string, op: OpOptions): Promise<readonly BlobRef[]> {
  const found: BlobRef[] = [];
  try {
    for await (const blob of blobs.list(id, op)) found.push(blob);
  } catch (error) {
    passOverDamage(ctx, id, error);
  }
  return found;
}

/** Whether only a part of it could be read. The part ends with a whole line. */
async function copyBlob(ctx: Context, from: BlobStore, blob: BlobRef, op: OpOptions): Promise<boolean> {
  let isCut = false;
  const readablePart = async function* (): Bytes {
    let held: Uint8Array = new Uint8Array();
    try {
      for await (const chunk of exactBlobs(from).read(blob, undefined, op)) {
        if (held.length > 0) yield held;
        held = chunk;
      }
    } catch (error) {
      passOverDamage(ctx, blob.key.id, error);
      isCut = true;
      held = held.subarray(0, held.lastIndexOf(NEWLINE) + 1);
    }
    if (held.length > 0) yield held;
  };
  try {
    await ctx.blobs.create(blob.key, blob.generation, readablePart(), op);
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error; // an earlier run has copied it
  }
  return isCut;
}

async function putUnlessThere(ctx: Context, { id, meta }: StoredObject, op: OpOptions): Promise<void> {
  try {
    await ctx.objects.put(id, meta, null, op);
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error;
  }
}

/** Copies the archive objects that this sink lacks. One that can't be read to its end is left out. */
export async function copyArchives(ctx: Context, from: ArchiveSink | undefined, op: OpOptions): Promise<void> {
  try {
    for await (const { key, size } of from?.list(undefined, op) ?? []) {
      if ((await ctx.archives.stat(key, op)) !== undefined) continue;
      try {
        if (from) await ctx.archives.put(key, exactBytes(from.read(key, undefined, op), size, { key }), op);
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) passOver(ctx, undefined, error);
      }
    }
  } catch (error) {
    passOver(ctx, undefined, error);
  }
}

/** Only damage leaves out a part of a session. One that can't be read for another reason may be there whole. */
function passOverDamage(ctx: Context, id: string, error: unknown): void {
  if (!hasCode(error, "CORRUPT")) throw error;
  warn(ctx, id, error);
}

/** Damage is what is to be expected there, whatever the store calls it; the caller's own wish to stop, or a full disk, is not. */
function passOver(ctx: Context, id: string | undefined, error: unknown): void {
  if (hasCode(error, "ABORTED", "QUOTA")) throw error;
  warn(ctx, id, error);
}

/** Writes a source's bytes into a session: all of a new one, of another those that it does not hold yet. */
import type { Context } from "../../context.js";
import { codeOf, hasCode } from "../../errors.js";
import type { BlobRef, Bytes, Meta, StoredObject } from "../../ports.js";
import { openFile } from "../../read/read.js";
import { appendOutput, markWritten, type Position } from "../../record/append.js";
import { RESTORED_PREFIX } from "../../session/file-state.js";
import { KEY, OUTPUT } from "../../session/metadata.js";
import { getObject, takeSnapshot } from "../../session/snapshot.js";
import { holdsBlob } from "../../session/snapshot-facts.js";
import { isPurged } from "../../session/state.js";
import { lifeOf } from "../../session/versions.js";
import { leaveNothingBehind } from "../remove/finish-remove.js";
import type { ImportOutcome } from "./import-types.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { firstMeta } from "./record.js";

/** Of a source, how much is written at a time to a session that holds something. */
const STEP_BYTES = 1024 * 1024;

/**
 * Makes the session, or the bytes of one that has none: first its object, then all bytes in one create. `undefined` if
 * somebody else has made it, or its bytes, meanwhile. A failure before any byte leaves no empty session.
 */
export async function createSession(job: Job, existing: StoredObject | undefined): Promise<Seen | undefined> {
  const { ctx, id, op, feed } = job;
  let version: string | undefined;
  let isMade = false;
  try {
    if (!existing) version = await ctx.objects.put(id, firstMeta(job), null, op);
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    throw error;
  }
  const seen = seenBy(job, existing?.meta ?? {});
  try {
    // Of the kind that is no new output if the session was archived meanwhile, with what another import has taken in.
    const generation = newGeneration(ctx);
    const created = await createOutput(job, generation, seen);
    if (!created) return undefined;
    isMade = true;
    const object = await leaveNothingBehind(ctx, id, [created]);
    const isUntouched = object.version === (version ?? existing?.version);
    if (!isUntouched && !holdsBlob(await takeSnapshot(ctx, id, op), generation)) return undefined;
  } catch (error) {
    // The bytes may be there after all: then the next import goes on from it.
    const isUnclear =
      isMade || (error !== feed.failure() && (codeOf(error) === undefined || hasCode(error, "UNAVAILABLE")));
    if (version !== undefined && !isUnclear) await ctx.objects.delete(id, version).catch(() => {});
    throw error;
  }
  isDone(job, "created", seen.scan.bytes);
  return seen;
}

export function newGeneration(ctx: Context): string {
  return RESTORED_PREFIX + ctx.randomId();
}

/** The blob of all that the source holds; `undefined` if there is one already. `atEnd` may still make it fail. */
export async function createOutput(
  { ctx, id, op, feed }: Job,
  generation: string,
  seen: Seen,
  atEnd: () => Promise<void> = async () => {},
): Promise<BlobRef | undefined> {
  const key = { id, name: OUTPUT };
  const reader = feed.open(0);
  async function* body(): Bytes {
    for await (const chunk of reader.rest()) {
      seen.add(chunk);
      yield chunk;
    }
    await atEnd();
  }
  try {
    return await ctx.blobs.create(key, generation, body(), op);
  } catch (error) {
    const isThere = hasCode(error, "CONFLICT") && error !== feed.failure() && (await ctx.blobs.stat(key, op));
    if (isThere) return undefined;
    throw error;
  } finally {
    await reader.close();
  }
}

/** Appends what the source has beyond the `held` bytes of a session with the metadata `before`. `false` if somebody else appends as well. */
export async function extendSession(
  job: Job,
  seen: Seen,
  before: Meta,
  held: number,
  outcome: ImportOutcome,
): Promise<boolean> {
  const { ctx, id, feed } = job;
  const isStill = (meta: Meta): boolean => isSameLife(meta, before);
  const reader = feed.open(held);
  let position: Position | undefined;
  let size = held;
  try {
    for (;;) {
      const chunk = await reader.take(STEP_BYTES);
      if (chunk.length === 0) break;
      try {
        position = (await appendOutput(ctx, id, chunk, { position, expectedBytes: size, isStill })).position;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
        reader.unread(chunk); // the session does not end any more where these bytes begin
        return false;
      }
      size += chunk.length;
      seen.add(chunk);
      feed.known(size, (range) => bytesOfLife(job, before, range));
      isDone(job, outcome, chunk.length);
    }
  } finally {
    await reader.close();
  }
  // What an archive, a restore or a prune has made of the session meanwhile, this output is part of it.
  if (size > held) await markWritten(ctx, id);
  return true;
}

/** Notes that some bytes are in the session now. */
export function isDone(job: Job, outcome: ImportOutcome, addedBytes: number): void {
  job.done ??= outcome;
  job.addedBytes += addedBytes;
}

/** Whether what a session with this metadata held then is the beginning of what it holds now: it was not replaced, or given up. */
function isSameLife(now: Meta, then: Meta): boolean {
  return lifeOf(now) === lifeOf(then) && now[KEY.lostBytes] === then[KEY.lostBytes] && isPurged(now) === isPurged(then);
}

/** What a session with the metadata `then` held, also where an import has replaced it since. */
export async function* bytesOfLife({ ctx, id, op }: Job, then: Meta, range: Range): Bytes {
  const file = await openFile(ctx, id, op);
  // Looked at after it was opened: what is the same still was so then.
  const now = await getObject(ctx, id, op);
  if (isSameLife(now.meta, then)) yield* file.read(range);
  else yield* (await openFile(ctx, id, { ...op, version: lifeOf(then) + 1 })).read(range);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

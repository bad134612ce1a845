/** Writes a source's bytes into a session: all of a new one, of another those that it does not hold yet. */
import { codeOf, hasCode } from "../../errors.js";
import { OUTPUT } from "../../metadata.js";
import type { BlobRef, Bytes, StoredObject } from "../../ports.js";
import { appendOutput, markWritten, type Position } from "../append.js";
import { leaveNothingBehind } from "../finish-remove.js";
import { openFile } from "../read.js";
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
  try {
    if (!existing) version = await ctx.objects.put(id, firstMeta(job), null, op);
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    throw error;
  }
  const seen = seenBy(job, existing?.meta ?? {});
  try {
    const created = await createOutput(job, `live-${ctx.randomId()}`, seen);
    if (!created) return undefined;
    await leaveNothingBehind(ctx, id, [created]);
  } catch (error) {
    // The bytes may be there after all: then the next import goes on from it.
    const isUnclear = error !== feed.failure() && (codeOf(error) === undefined || hasCode(error, "UNAVAILABLE"));
    if (version !== undefined && !isUnclear) await ctx.objects.delete(id, version).catch(() => {});
    throw error;
  }
  isDone(job, "created", seen.scan.bytes);
  return seen;
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

/** Appends what the source has beyond the `held` bytes. `false` if somebody else appends as well. */
export async function extendSession(job: Job, seen: Seen, held: number, outcome: ImportOutcome): Promise<boolean> {
  const { ctx, id, feed } = job;
  const reader = feed.open(held);
  let position: Position | undefined;
  let size = held;
  try {
    for (;;) {
      const chunk = await reader.take(STEP_BYTES);
      if (chunk.length === 0) break;
      try {
        position = (await appendOutput(ctx, id, chunk, position, size)).position;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
        reader.unread(chunk); // the session does not end any more where these bytes begin
        return false;
      }
      size += chunk.length;
      seen.add(chunk);
      feed.known(size, (range) => sessionBytes(job, range));
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

export async function* sessionBytes(
  { ctx, id, op }: Job,
  range: { readonly start: number; readonly end: number },
): Bytes {
  yield* (await openFile(ctx, id, op)).read(range);
}

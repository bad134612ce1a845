/**
 * Takes a source in. Whatever stops it half-way, the session is readable, and the next import continues from there: the
 * object comes first, then the bytes, then the record that they are complete. If another import of the same session is
 * faster, this one looks again, and finds the work done or continues it. See docs/crash-safety.md.
 */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { Bytes, StoredObject } from "../../ports.js";
import { markWritten } from "../../record/append.js";
import { updateMeta } from "../../session/commit.js";
import { sizesOf } from "../../session/file-state.js";
import { KEY, OUTPUT, withKeys } from "../../session/metadata.js";
import { busy, MAX_TRIES, peekAt, takeSnapshot } from "../../session/snapshot.js";
import { fileNamed, fileSize } from "../../session/snapshot-facts.js";
import { isForgotten, isPruned, isPurged, isRemoving } from "../../session/state.js";
import { replacingIn } from "../../session/versions.js";
import { finishRemove } from "../remove/finish-remove.js";
import { settle } from "../settle.js";
import { compare } from "./compare.js";
import { feedOf } from "./feed.js";
import type { ImportOptions, ImportOutcome, ImportResult, ImportSource } from "./import-types.js";
import { type Job, newJob } from "./job.js";
import { checkFiles, lackingFiles, mendOrThrow } from "./mend.js";
import { isTakenIn, recordImport } from "./record.js";
import { replaceOutput } from "./replace.js";
import { isNoMore, takeInAgain } from "./revive.js";
import { shortPath } from "./short-path.js";
import { createSession, extendSession, isDone } from "./take-in.js";

/**
 * `source` can be read in ranges, or is a stream, which is read once. `CONFLICT` if the session keeps changing;
 * `INVALID_ARGUMENT` for an impossible id; otherwise errors of the source and the stores. None of them loses anything.
 */
export async function importSession(
  ctx: Context,
  id: string,
  source: Bytes | ImportSource,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const feed = feedOf(id, source);
  const job = newJob(ctx, id, feed, options);
  try {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const result = await tryImport(job);
      if (result && job.isSuspect) await checkFiles(ctx, id, job.op);
      if (result) return result;
    }
    throw busy(id);
  } finally {
    await feed.close();
  }
}

/** `undefined`: another writer has changed the session, so it must be looked at again. */
async function tryImport(job: Job): Promise<ImportResult | undefined> {
  const { ctx, id, op } = job;
  try {
    const object = await ctx.objects.get(id, op);
    if (object && isRemoving(object.meta)) {
      // Its removal was cut short: finish that first.
      await finishRemove(ctx, id, op);
      return undefined;
    }
    if (!object) return await created(job, undefined);
    if (isForgotten(object.meta)) {
      await settle(ctx, id, op); // of what this import may have made before the session was forgotten
      return { id, outcome: "forgotten", rawBytes: 0, addedBytes: job.addedBytes };
    }
    return (await untouched(job, object)) ?? (await goOn(job));
  } catch (error) {
    // The session was removed or forgotten meanwhile; or another import has made the object, failed, and deleted it again.
    if (hasCode(error, "NOT_FOUND") && error !== job.feed.failure() && !(await isThere(job))) return undefined;
    throw error;
  }
}

async function isThere({ ctx, id }: Job): Promise<boolean> {
  const object = await ctx.objects.get(id);
  return object !== undefined && !isRemoving(object.meta) && !isForgotten(object.meta);
}

function result({ id, done, addedBytes }: Job, outcome: ImportOutcome, rawBytes: number): ImportResult {
  return { id, outcome: done ?? outcome, rawBytes, addedBytes };
}

async function created(job: Job, object: StoredObject | undefined): Promise<ImportResult | undefined> {
  const seen = await createSession(job, object);
  if (!seen || !(await recordImport(job, seen, object?.meta ?? {}))) return undefined;
  return result(job, "created", seen.scan.bytes);
}

/** If the source's version was taken in last and its bytes are there, the source is not read at all. */
async function untouched(job: Job, object: StoredObject): Promise<ImportResult | undefined> {
  const { feed } = job;
  const { meta } = object;
  // If this import has written bytes, it must also write the record: other writers note the present as the session's
  // last activity.
  if (job.done !== undefined || !isTakenIn(meta, feed)) return undefined;
  if (isPurged(meta)) return result(job, "pruned", 0);
  const seen = await peekAt(job.ctx, object, job.op);
  const held = fileSize(fileNamed(seen, OUTPUT));
  const lacking = await lackingFiles(job.ctx, object, job.op);
  job.isSuspect = lacking.length > 0 && !isPruned(meta);
  if (held < (feed.size ?? 0) || job.isSuspect) return undefined;
  return result(job, isPruned(meta) ? "pruned" : "unchanged", held);
}

async function goOn(job: Job): Promise<ImportResult | undefined> {
  const { ctx, id, op, feed } = job;
  const snapshot = await takeSnapshot(ctx, id, op);
  const { meta } = snapshot.object;
  const state = fileNamed(snapshot);
  // Left by a restore that came too late, or by an import that was cut short.
  if ((state?.kind === "stray" && state.file === undefined) || replacingIn(meta)) {
    await settle(ctx, id, op);
    return undefined;
  }
  if (!state) {
    if (!isPurged(meta)) return created(job, snapshot.object);
    const seen = isNoMore(meta, feed) ? "unwanted" : await takeInAgain(job, snapshot);
    if (seen === "unwanted") return result(job, "pruned", 0);
    return seen && result(job, "revived", seen.scan.bytes);
  }
  const held = fileSize(state);
  const hasTombstone = isPruned(meta) && sizesOf(state).live === 0;
  if (hasTombstone && feed.size !== undefined && feed.size <= held) return result(job, "pruned", held);
  const grown = await shortPath(job, meta, held);
  if (grown) {
    // Noted before the first byte, so that the next archive compares everything, whatever happens here.
    await updateMeta(ctx, id, (now) => withKeys(now, { [KEY.unproven]: held }), op);
    const isWhole = (await extendSession(job, grown, meta, held, "appended")) && (await recordImport(job, grown, meta));
    return isWhole ? result(job, "appended", grown.scan.bytes) : undefined;
  }
  const compared = await compare(job, snapshot).catch((error: unknown) => mendOrThrow(job, snapshot, error));
  if (!compared) return undefined;
  const { how, seen } = compared;
  if (how === "older") return result(job, hasTombstone ? "pruned" : "older", compared.held);
  if (how === "differs") {
    const replaced = await replaceOutput(job, snapshot);
    if (typeof replaced === "string") return result(job, replaced, compared.held);
    return replaced && result(job, "replaced", replaced.scan.bytes);
  }
  const outcome = isPruned(meta) ? "revived" : "appended";
  if (!(await extendSession(job, seen, meta, compared.held, outcome))) return undefined;
  if (hasTombstone && job.done === undefined) return result(job, "pruned", held);
  if (isPurged(meta)) {
    // A host has created the blob, but not noted it in the metadata.
    await markWritten(ctx, id);
    isDone(job, "revived", 0);
  }
  return (await recordImport(job, seen, meta)) ? result(job, "unchanged", seen.scan.bytes) : undefined;
}

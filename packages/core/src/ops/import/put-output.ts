/**
 * Puts a source in the place of a session's output, once the intent is noted: makes the blobs, then commits. The output's blob
 * counts for nothing until the commit, and no swap but the one that takes the intent back lets anybody delete it.
 */
import { attempt } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import type { BlobRef, StoredObject } from "../../ports.js";
import { archivedFiles } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { OUTPUT } from "../../session/metadata.js";
import { tellRevived } from "../../session/revived.js";
import { getObject, MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { holdsBlob } from "../../session/snapshot-facts.js";
import { isPruned, isPurged } from "../../session/state.js";
import { asReplaced, asReplacing } from "../../session/transitions/replaced.js";
import { asWritten } from "../../session/transitions/written.js";
import { replacingIn } from "../../session/versions.js";
import { leaveNothingBehind } from "../remove/finish-remove.js";
import { restorer } from "../restore/finish-restore.js";
import { cancelReplacing } from "../settle.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { asImported } from "./record.js";
import { bytesOfLife, createOutput, isDone, newGeneration } from "./take-in.js";

/**
 * `atRest`: archived, or purged, and without live output. `isWanted` is asked at the end of the source: if not, nothing is
 * changed. `undefined`: the session has changed meanwhile, and is to be looked at again.
 */
export async function putOutput(
  job: Job,
  atRest: Snapshot,
  isWanted: (bytes: number, crc: number) => Promise<boolean>,
): Promise<Seen | "unwanted" | undefined> {
  const { ctx, id, op, feed } = job;
  const { meta } = atRest.object;
  const intent = asReplacing(meta, archivedFiles(id, meta), ctx.now(), () => newGeneration(ctx));
  const version = await tryPut(ctx, atRest.object, intent, op);
  const generation = replacingIn(intent)?.generation;
  if (version === undefined || generation === undefined) return undefined;
  const noted = { ...atRest, object: { id, version, meta: intent } };
  const cancel = (): Promise<void> => attempt(ctx, id, () => cancelReplacing(ctx, id, generation, {}));
  const unwanted = new ArchiverError("CONFLICT", "The source is not wanted after all.", { id });
  try {
    const seen = await makeBlobs(job, noted, generation, async (bytes, crc) => {
      if (!(await isWanted(bytes, crc))) throw unwanted;
    });
    if (seen) return await commitOutput(job, noted.object, generation, seen);
  } catch (error) {
    // What is unclear is left to a settle, which goes by what is there.
    if (!hasCode(error, "UNAVAILABLE") || error === feed.failure()) await cancel();
    if (error === unwanted) return "unwanted";
    throw error;
  }
  await cancel();
  return undefined;
}

/** Sidecars first: once the output is there, nothing but the commit is missing. `undefined` if another blob came first. */
async function makeBlobs(
  job: Job,
  noted: Snapshot,
  generation: string,
  atEnd: (bytes: number, crc: number) => Promise<void>,
): Promise<Seen | undefined> {
  const { ctx, id, op } = job;
  const made: BlobRef[] = [];
  const sidecars = archivedFiles(id, noted.object.meta).filter(({ name }) => name !== OUTPUT);
  const restore = restorer(ctx, noted, sidecars, made, op);
  for (const file of sidecars) if (!(await restore(file))) return undefined;
  const seen = seenBy(job, {});
  let crc = 0;
  const add = (chunk: Uint8Array): void => {
    crc = crc32(chunk, crc);
    seen.add(chunk);
  };
  const blob = await createOutput(job, generation, { ...seen, add }, () => atEnd(seen.scan.bytes, crc));
  if (!blob) return undefined;
  await leaveNothingBehind(ctx, id, [...made, blob]);
  seen.scan.end();
  return seen;
}

async function commitOutput(job: Job, noted: StoredObject, generation: string, seen: Seen): Promise<Seen | undefined> {
  const { ctx, id, op, feed } = job;
  const outcome = isPurged(noted.meta) ? "revived" : "replaced";
  let object = noted;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { meta } = object;
    const isDue = replacingIn(meta)?.generation === generation && (!isPruned(meta) || isPurged(meta));
    if (!isDue) break;
    const taken = isPurged(meta) ? asWritten(meta, ctx.now()) : asReplaced(id, meta, ctx.now());
    if ((await tryPut(ctx, object, asImported(job, taken, seen, true), op)) !== undefined) {
      tellRevived(ctx, id, meta);
      isDone(job, outcome, seen.scan.bytes);
      return seen;
    }
    object = await getObject(ctx, id, op);
  }
  // A settle that has found all of it may have been faster, and an archive come since.
  const now = await takeSnapshot(ctx, id, op);
  if (!holdsBlob(now, generation)) return undefined;
  isDone(job, outcome, seen.scan.bytes);
  feed.known(seen.scan.bytes, (range) => bytesOfLife(job, now.object.meta, range));
  return undefined;
}

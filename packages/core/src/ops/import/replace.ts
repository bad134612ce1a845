/**
 * Makes a source that was rewritten the session's output; what the session held is archived first, and kept as a version: note
 * the intent, make the blobs, commit. See ADR 0031.
 */
import { attempt } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import { OUTPUT } from "../../metadata.js";
import type { BlobRef, Bytes, Meta, StoredObject } from "../../ports.js";
import { archivedFiles, isArchived, isPruned, RESTORED_PREFIX } from "../../session.js";
import { asReplaced, asReplacing, asUnpruned } from "../../transitions.js";
import { keptOutputs, lifeOf, replacingIn } from "../../versions.js";
import { archive } from "../archive.js";
import { leaveNothingBehind } from "../finish-remove.js";
import { restorer } from "../finish-restore.js";
import { openFile } from "../read.js";
import { tellRevived } from "../revived.js";
import { cancelReplacing } from "../settle.js";
import { getObject, MAX_TRIES, partNamed, type Snapshot, takeSnapshot, tryPut } from "../snapshot.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { checkFiles } from "./mend.js";
import { asImported } from "./record.js";
import { createOutput, isDone, sessionBytes } from "./take-in.js";

/**
 * `older`: the source is the beginning of a version that is kept already, and nothing is to be done. `undefined`: the session
 * has changed meanwhile, and is to be looked at again.
 */
export async function replaceOutput(job: Job, seen: Snapshot): Promise<Seen | "older" | undefined> {
  const { ctx, id, op, feed } = job;
  const { meta } = seen.object;
  if (isPruned(meta)) {
    // Its agent has gone on: the session is in use again, and its bytes are there still.
    if ((await tryPut(ctx, seen.object, asUnpruned(meta), op)) !== undefined) tellRevived(ctx, id, meta);
    return undefined;
  }
  if (feed.source && (await isKeptSource(job, meta))) return "older";
  const atRest = await archiveHeld(job, meta);
  if (!atRest) return undefined;
  const newGeneration = (): string => RESTORED_PREFIX + ctx.randomId();
  const intent = asReplacing(atRest.object.meta, archivedFiles(id, atRest.object.meta), ctx.now(), newGeneration);
  const version = await tryPut(ctx, atRest.object, intent, op);
  const generation = replacingIn(intent)?.generation;
  if (version === undefined || generation === undefined) return undefined;
  const noted = { ...atRest, object: { id, version, meta: intent } };
  try {
    const bytes = await makeBlobs(job, noted, generation);
    if (bytes) return await commitReplaced(job, noted.object, generation, bytes);
    await attempt(ctx, id, () => cancelReplacing(ctx, id, generation, {}));
    return undefined;
  } catch (error) {
    // What is unclear is left to a settle, which goes by what is there.
    if (!hasCode(error, "UNAVAILABLE") || error === feed.failure())
      await attempt(ctx, id, () => cancelReplacing(ctx, id, generation, {}));
    if (error === KNOWN) return "older";
    throw error;
  }
}

/** The session at rest in its archive, which is there; `undefined` if it holds other bytes by now, or keeps changing. */
async function archiveHeld({ ctx, id, op }: Job, before: Meta): Promise<Snapshot | undefined> {
  try {
    await archive(ctx, id, { ...op, trusting: true });
  } catch (error) {
    if (hasCode(error, "CONFLICT", "PRUNED")) return undefined;
    throw error;
  }
  const snapshot = await takeSnapshot(ctx, id, op);
  const { meta } = snapshot.object;
  const isAtRest = isArchived(meta) && !isPruned(meta) && snapshot.parts.every(({ kind }) => kind === "archived");
  if (!isAtRest || lifeOf(meta) !== lifeOf(before)) return undefined;
  await checkFiles(ctx, id, op);
  return snapshot;
}

/** Sidecars first: once the output is there, nothing but the commit is missing. `undefined` if another blob came first. */
async function makeBlobs(job: Job, noted: Snapshot, generation: string): Promise<Seen | undefined> {
  const { ctx, id, op, feed } = job;
  const { meta } = noted.object;
  const made: BlobRef[] = [];
  const files = archivedFiles(id, meta);
  const sidecars = files.filter(({ name }) => name !== OUTPUT);
  const restore = restorer(ctx, noted, sidecars, made, op);
  for (const file of sidecars) if (!(await restore(file))) return undefined;
  const seen = seenBy(job, {});
  let crc = 0;
  const counted: Seen = {
    ...seen,
    add(chunk) {
      crc = crc32(chunk, crc);
      seen.add(chunk);
    },
  };
  const blob = await createOutput(job, generation, counted, async () => {
    // Of a stream it shows here whether it is known.
    if (!feed.source && (await isKept(job, meta, seen.scan.bytes, crc))) throw KNOWN;
  });
  if (!blob) return undefined;
  await leaveNothingBehind(ctx, id, [...made, blob]);
  feed.known(blob.size, (range) => sessionBytes(job, range));
  seen.scan.end();
  return seen;
}

const KNOWN = new ArchiverError("CONFLICT", "The source is a version that is kept already.");

/** No swap but the one that takes the intent back lets anybody delete the blob: so while the intent stands, it is there. */
async function commitReplaced(
  job: Job,
  noted: StoredObject,
  generation: string,
  seen: Seen,
): Promise<Seen | undefined> {
  const { ctx, id, op } = job;
  let object = noted;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const replaced = asImported(job, asReplaced(id, object.meta, ctx.now()), seen, true);
    const isDue = !isPruned(object.meta) && replacingIn(object.meta)?.generation === generation;
    if (!isDue) break;
    if ((await tryPut(ctx, object, replaced, op)) !== undefined) {
      isDone(job, "replaced", seen.scan.bytes);
      return seen;
    }
    object = await getObject(ctx, id, op);
  }
  const now = partNamed(await takeSnapshot(ctx, id, op));
  // A settle that has found all of it may have been faster, and an archive come since.
  const generations = now ? ["blob" in now && now.blob.generation, "file" in now && now.file?.generation] : [];
  if (now?.kind !== "candidate" && now?.kind !== "stray" && generations.includes(generation))
    isDone(job, "replaced", seen.scan.bytes);
  else await attempt(ctx, id, () => cancelReplacing(ctx, id, generation, op));
  return undefined;
}

/** Whether the source is the beginning of a version that is kept: two sources of one identity would take turns for ever. */
async function isKeptSource(job: Job, meta: Meta): Promise<boolean> {
  const { feed } = job;
  const size = feed.size ?? 0;
  if (!keptOutputs(meta).some((kept) => kept && kept.bytes >= size)) return false;
  const reader = feed.open(0);
  try {
    return await isKept(job, meta, size, await crcOf(reader.rest()));
  } finally {
    await reader.close();
  }
}

async function isKept({ ctx, id, op }: Job, meta: Meta, bytes: number, crc: number): Promise<boolean> {
  for (const [i, kept] of keptOutputs(meta).entries()) {
    if (!kept || kept.bytes < bytes) continue;
    if (kept.bytes === bytes) {
      if (kept.crc32 === crc) return true;
      continue;
    }
    try {
      const file = await openFile(ctx, id, { ...op, version: i + 1 });
      if ((await crcOf(file.read({ start: 0, end: bytes }))) === crc) return true;
    } catch (error) {
      if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error; // what can't be read proves nothing
    }
  }
  return false;
}

async function crcOf(bytes: Bytes): Promise<number> {
  let crc = 0;
  for await (const chunk of bytes) crc = crc32(chunk, crc);
  return crc;
}

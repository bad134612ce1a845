/**
 * Makes a source that was rewritten the session's output; what the session held is archived first, and kept as a version. See
 * ADR 0031.
 */
import { hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import type { Bytes, Meta } from "../../ports.js";
import { openFile } from "../../read/read.js";
import { tryPut } from "../../session/commit.js";
import { tellRevived } from "../../session/revived.js";
import { type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { isArchived, isPruned } from "../../session/state.js";
import { asUnpruned } from "../../session/transitions/tombstone.js";
import { keptOutputs, lifeOf } from "../../session/versions.js";
import { archive } from "../archive/archive.js";
import type { Job, Seen } from "./job.js";
import { checkFiles } from "./mend.js";
import { putOutput } from "./put-output.js";

/**
 * `older`: the source is the beginning of a version that is kept already, and nothing is to be done. `differs`: it is not, and
 * was to be left so. `undefined`: the session has changed meanwhile, and is to be looked at again.
 */
export async function replaceOutput(job: Job, seen: Snapshot): Promise<Seen | "older" | "differs" | undefined> {
  const { ctx, id, op, feed } = job;
  const { meta } = seen.object;
  if (job.rewritten === "leave") return feed.source && (await isKeptSource(job, meta)) ? "older" : "differs";
  if (isPruned(meta)) {
    // Its agent has gone on: the session is in use again, and its bytes are there still.
    if ((await tryPut(ctx, seen.object, asUnpruned(meta), op)) !== undefined) tellRevived(ctx, id, meta);
    return undefined;
  }
  if (feed.source && (await isKeptSource(job, meta))) return "older";
  const atRest = await archiveHeld(job, meta);
  if (!atRest) return undefined;
  // Of a stream it shows at its end whether it is known.
  const isWanted = async (bytes: number, crc: number): Promise<boolean> =>
    feed.source !== undefined || !(await isKept(job, meta, bytes, crc));
  const put = await putOutput(job, atRest, isWanted);
  return put === "unwanted" ? "older" : put;
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
  const isAtRest = isArchived(meta) && !isPruned(meta) && snapshot.files.every(({ kind }) => kind === "archived");
  if (!isAtRest || lifeOf(meta) !== lifeOf(before)) return undefined;
  await checkFiles(ctx, id, op);
  return snapshot;
}

/** Whether the source is the beginning of a version that is kept: two sources of one identity would take turns for ever. */
async function isKeptSource(job: Job, meta: Meta): Promise<boolean> {
  const { feed } = job;
  const size = feed.size ?? 0;
  if (!keptOutputs(meta).some((kept) => kept && kept.rawBytes >= size)) return false;
  const reader = feed.open(0);
  try {
    return await isKept(job, meta, size, await crcOf(reader.rest()));
  } finally {
    await reader.close();
  }
}

async function isKept({ ctx, id, op }: Job, meta: Meta, bytes: number, crc: number): Promise<boolean> {
  for (const [i, kept] of keptOutputs(meta).entries()) {
    if (!kept || kept.rawBytes < bytes) continue;
    if (kept.rawBytes === bytes) {
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

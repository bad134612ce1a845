/** Makes an output's archive anew from its source if it is missing or damaged. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import type { Bytes, OpOptions, StoredObject } from "../../ports.js";
import { type ArchivedFile, archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { corruptSession, hasChanged, rethrowUnlessChanged } from "../../session/damage.js";
import { getObject, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { fileNamed } from "../../session/snapshot-facts.js";
import { asMended } from "../../session/transitions/archived.js";
import { commit } from "../archive/commit.js";
import { writeArchive } from "../archive/new-archive.js";
import type { Job } from "./job.js";
import { bytesOfLife, isDone } from "./take-in.js";

const STEP_BYTES = 1024 * 1024;

/** Archived files of the session that are missing from the sink or do not have their committed sizes. */
export async function lackingFiles(
  ctx: Context,
  { id, meta }: StoredObject,
  op: OpOptions,
): Promise<readonly ArchivedFile[]> {
  const lacking = new Set<ArchivedFile>();
  for (const file of archivedFiles(id, meta)) {
    for (const { key, archiveBytes } of partsOfFile(file))
      if ((await ctx.archives.stat(key, op))?.size !== archiveBytes) lacking.add(file);
  }
  return [...lacking];
}

/** `CORRUPT` if archives of the session's files are still lacking: a source has the bytes of the output alone. */
export async function checkFiles(ctx: Context, id: string, op: OpOptions): Promise<void> {
  const lacking = await lackingFiles(ctx, await getObject(ctx, id, op), op);
  if (lacking.length === 0) return;
  const names = lacking.map(({ name, archiveKey }) => `"${name}" ("${archiveKey}")`).join(", ");
  const message = `Session "${id}" is damaged: the archives of these files are missing or damaged, and its source can't replace them: ${names}.`;
  throw new ArchiverError("CORRUPT", message, { id, key: lacking[0]?.archiveKey });
}

/**
 * After a failure to read what the session holds: if its archive is damaged, and the source begins with all that it
 * held, a new archive takes its place. Otherwise throws `CORRUPT`, or the error unchanged. `undefined`: look again.
 */
export async function mendOrThrow(job: Job, snapshot: Snapshot, error: unknown): Promise<undefined> {
  const { ctx, id, op, feed } = job;
  if (error === feed.failure() || !hasCode(error, "CORRUPT", "NOT_FOUND")) throw error;
  const now = await takeSnapshot(ctx, id, op);
  if (hasChanged(snapshot, now)) return;
  const state = fileNamed(now);
  if (!state || state.kind === "live" || state.kind === "restored" || !state.file) throw error;
  if (job.done === "mended") throw error; // so it is not the archive that can't be read, but live bytes
  const output = sourceOf(job, state.file, error);
  job.isSuspect = true;
  const whole = { ...now, mended: new Map(), output };
  const made = await writeArchive(ctx, whole, [state], op).catch((lost: unknown) =>
    rethrowUnlessChanged(ctx, now, lost),
  );
  if (!made) return;
  try {
    await commit(ctx, now, made, undefined, op, asMended);
  } catch (lost) {
    if (hasCode(lost, "CONFLICT")) return;
    throw lost;
  }
  feed.known(state.file.rawBytes, (range) => bytesOfLife(job, now.object.meta, range));
  isDone(job, "mended", state.file.rawBytes);
}

/** As many bytes of the source as the archive held; throws `CORRUPT` at their end if they differ from the archive's. */
async function* sourceOf({ id, feed }: Job, file: ArchivedFile, cause: unknown): Bytes {
  const reader = feed.open(0);
  let crc = 0;
  let left = file.rawBytes;
  try {
    while (left > 0) {
      const chunk = await reader.take(Math.min(left, STEP_BYTES));
      if (chunk.length === 0) break;
      crc = crc32(chunk, crc);
      left -= chunk.length;
      yield chunk;
    }
  } finally {
    await reader.close();
  }
  if (left === 0 && crc === file.crc32) return;
  const { message } = corruptSession(id, cause);
  const why = "The source does not hold the bytes that the archive held, so it can't be made anew from it.";
  throw new ArchiverError("CORRUPT", `${message} ${why} Nothing was changed.`, { id, key: file.archiveKey, cause });
}

/** The second half of a restore: creates every file's blob, then commits. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { readArchive } from "../../format/reader.js";
import type { BlobRef, Bytes, OpOptions } from "../../ports.js";
import { openArchive } from "../../read/archive-index.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { corruptSession, rethrowUnlessChanged } from "../../session/damage.js";
import { deleteIfUnchanged } from "../../session/delete-if-unchanged.js";
import type { FileState } from "../../session/file-state.js";
import { requireArchives } from "../../session/require-archives.js";
import { peek, type Snapshot, withObject } from "../../session/snapshot.js";
import { isPruned } from "../../session/state.js";
import { asLive } from "../../session/transitions/restored.js";
import { leaveNothingBehind } from "../remove/finish-remove.js";

/**
 * Creates the missing blobs, commits the session as live, and returns it as it is then. `undefined` if the session has
 * changed meanwhile, or has live output that must be archived first. Blobs that were made stay: their generations make
 * them part of the session. The snapshot must be certain.
 */
export async function finishRestore(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<Snapshot | undefined> {
  const made: BlobRef[] = [];
  try {
    const live = await createAndCommit(ctx, snapshot, made, op);
    if (!live && made.length > 0) await leaveNothingBehind(ctx, snapshot.object.id, made);
    return live;
  } catch (error) {
    if (made.length > 0 && hasCode(error, "NOT_FOUND")) await leaveNothingBehind(ctx, snapshot.object.id, made);
    if (hasCode(error, "CORRUPT")) throw corruptSession(snapshot.object.id, error);
    // Another restore may have been faster, and gc may have deleted the archive since.
    await rethrowUnlessChanged(ctx, snapshot, error);
    return undefined;
  }
}

async function createAndCommit(
  ctx: Context,
  snapshot: Snapshot,
  made: BlobRef[],
  op: OpOptions,
): Promise<Snapshot | undefined> {
  const { id } = snapshot.object;
  const files = snapshot.files.flatMap((state) => ("file" in state && state.file ? [state.file] : []));
  if (snapshot.files.some(blocks) || files.some((file) => file.restoring === undefined)) return undefined;
  await requireArchives(ctx, snapshot, op);
  const restore = restorer(ctx, snapshot, files, made, op);
  for (const state of snapshot.files) {
    if ((state.kind === "leftover" || state.kind === "stray") && !(await deleteIfUnchanged(ctx, state.blob, op))) {
      return undefined;
    }
    const file = state.kind === "restored" || !("file" in state) ? undefined : state.file;
    if (file && !(await restore(file))) return undefined;
  }
  // Copying may have taken long, and a host changes other metadata at any time. The swap shows whether this is
  // consistent.
  const now = await peek(ctx, id, op);
  if (isPruned(now.object.meta) || !now.files.every((state) => state.kind === "restored")) return undefined;
  const meta = asLive(id, now.object.meta, ctx.now());
  const version = await tryPut(ctx, now.object, meta, op);
  return version === undefined ? undefined : withObject(now, { id, version, meta });
}

function blocks(state: FileState): boolean {
  return state.kind === "continuation" || state.kind === "live" || state.kind === "candidate";
}

/**
 * Makes the blob of one file; `false` if another blob came first. A damaged archive fails before the blob is visible.
 */
export function restorer(
  ctx: Context,
  snapshot: Snapshot,
  files: readonly ArchivedFile[],
  made: BlobRef[],
  op: OpOptions,
): (file: ArchivedFile) => Promise<boolean> {
  const { id, meta } = snapshot.object;
  const totalBytes = files.reduce((sum, file) => sum + file.rawBytes, 0);
  let bytes = 0;
  async function* counted(body: Bytes): Bytes {
    for await (const chunk of body) {
      bytes += chunk.length;
      ctx.emit({ type: "progress", operation: "restore", id, bytes, totalBytes });
      yield chunk;
    }
  }
  return async (file) => {
    const index = await openArchive(ctx, id, meta, file, op);
    const body = readArchive(ctx.archives, ctx.codec, index, { start: 0, end: file.rawBytes }, op);
    const key = { id, name: file.name };
    try {
      made.push(await ctx.blobs.create(key, file.restoring ?? "", counted(body), op));
      return true;
    } catch (error) {
      if (hasCode(error, "CONFLICT")) return false;
      throw error;
    }
  };
}

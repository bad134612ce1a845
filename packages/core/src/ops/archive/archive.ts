/**
 * Moves a session into the archive: write, read back, commit, delete. A resumed session's new output is added to what
 * the archive holds. Whatever stops it half-way, the session's bytes are where its metadata says.
 */
import { attempt, type Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { Meta, OpOptions, StoredObject } from "../../ports.js";
import { indexIn, readManifest } from "../../read/archive-index.js";
import { leansOnCondemned } from "../../session/archive-keys.js";
import { archivedFiles } from "../../session/archived-file.js";
import { rethrowUnlessChanged } from "../../session/damage.js";
import type { FileState } from "../../session/file-state.js";
import { countAt, KEY, OUTPUT, positiveAt } from "../../session/metadata.js";
import { busy, confirm, getObject, peek, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { fileNamed, fileSize, hasNewOutput, isAtRest, refusePruned } from "../../session/snapshot-facts.js";
import { replacingIn } from "../../session/versions.js";
import { factsFor } from "../facts.js";
import { proveBytes } from "../import/prove-bytes.js";
import { finishArchive, settle } from "../settle.js";
import type { ArchiveOptions, ArchiveResult } from "./archive-types.js";
import { checkIfSlow, commit } from "./commit.js";
import { freedOnDisk, liveOnDisk } from "./disk-use.js";
import { type Indexes, mendedIndexes } from "./mend-times.js";
import { type NewArchive, writeArchive } from "./new-archive.js";

/**
 * Rejects with `NOT_FOUND`, `PRUNED`, `CONFLICT` if the session keeps changing, or an error of the stores; the session
 * is then as before.
 */
export async function archive(ctx: Context, id: string, options: ArchiveOptions = {}): Promise<ArchiveResult> {
  const { recheck, seen, mendTimes, repack, trusting, ...op } = options;
  // Finishes an archive that was cut short: only a fully archived session gets a new manifest, or is packed anew.
  if (mendTimes || repack) await settle(ctx, id, op);
  const before = seen ?? (await peek(ctx, id, op));
  // The commit's swap shows whether this snapshot is consistent. Without new output there may be no commit, so it is
  // confirmed.
  let first = hasNewOutput(before) ? before : await confirm(ctx, before, op);
  if (replacingIn(first.object.meta)) {
    await settle(ctx, id, op);
    first = await takeSnapshot(ctx, id, op);
  }
  refusePruned(first);
  if (fileSize(fileNamed(first, OUTPUT)) === 0) return result(id, "empty", undefined, first.object.meta, ctx.now());
  // Where a copy of the store may be about to delete something of the archive, new output makes all of it anew.
  const isDoomed = hasNewOutput(first) && leansOnCondemned(id, first.object.meta);
  const changed = first.files.filter(
    (state) => isChanged(state) || (repack && isInParts(state)) || (isDoomed && state.kind === "archived"),
  );
  const lost = async (error: unknown): Promise<never> => {
    await rethrowUnlessChanged(ctx, first, error);
    throw busy(id);
  };
  const mended: Indexes = mendTimes ? await mendedIndexes(ctx, first.object, op).catch(lost) : new Map();
  if (changed.length === 0 && mended.size === 0 && !(await lacksManifest(ctx, first.object, op))) {
    if (isAtRest(first)) return result(id, "unchanged", first.object.meta, first.object.meta, ctx.now());
    const freed = await settle(ctx, id, op);
    return result(id, "unchanged", first.object.meta, (await getObject(ctx, id, op)).meta, ctx.now(), freed);
  }
  const onDisk = await liveOnDisk(ctx, id, op);
  const provenBytes = changed.length > 0 && !trusting ? await proveBytes(ctx, first.object, op) : undefined;
  const facts = await factsFor(ctx, first, op);
  const made = await writeArchive(
    ctx,
    { ...first, mended, facts, provenBytes, repack: repack || isDoomed },
    changed,
    op,
  ).catch(lost);
  const committed = await commit(ctx, first, made, recheck, op);
  const freed = await afterCommit(ctx, committed, made, op);
  const diskBytesFreed = await freedOnDisk(ctx, id, onDisk, made.keys, op);
  const outcome = {
    ...result(id, "archived", first.object.meta, committed.object.meta, ctx.now(), freed),
    ...(diskBytesFreed !== undefined && { diskBytesFreed }),
  };
  const { rawBytes, archiveBytes, liveBytesFreed } = outcome;
  ctx.emit({ type: "archived", id, rawBytes, archiveBytes, liveBytesFreed });
  return outcome;
}

/** Whether the manifest of a settled session is lost or damaged. A new one is then made from the archive itself. */
async function lacksManifest(ctx: Context, { id, meta }: StoredObject, op: OpOptions): Promise<boolean> {
  if (positiveAt(meta, KEY.settlingAt) !== undefined) return false;
  try {
    const manifest = await readManifest(ctx, id, meta, op);
    for (const file of archivedFiles(id, meta)) indexIn(manifest, id, file);
    return false;
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return true;
    throw error;
  }
}

/** Whether the file has bytes that its archive does not hold. */
function isChanged(state: FileState): boolean {
  return state.kind === "live" || state.kind === "restored" || state.kind === "continuation";
}

function isInParts(state: FileState): boolean {
  return state.kind === "archived" && state.file.parts !== undefined;
}

/** The archive is committed. The next settle finds a live blob that can't be deleted now. */
async function afterCommit(ctx: Context, committed: Snapshot, made: NewArchive, op: OpOptions): Promise<number> {
  let freed = 0;
  await attempt(ctx, committed.object.id, async () => {
    await checkIfSlow(ctx, committed.object.id, made, op);
    const blobs = committed.files.flatMap((state) => ("blob" in state ? [state.blob] : []));
    freed = await finishArchive(ctx, committed.object, blobs, op);
  });
  return freed;
}

function result(
  id: string,
  outcome: ArchiveResult["outcome"],
  before: Meta | undefined,
  after: Meta,
  now: number,
  liveBytesFreed = 0,
): ArchiveResult {
  const stored = (meta: Meta | undefined): number => (meta && countAt(meta, KEY.archiveBytes)) ?? 0;
  const empty = outcome === "empty";
  return {
    id,
    outcome,
    rawBytes: empty ? 0 : (countAt(after, KEY.archivedRawBytes) ?? 0),
    archiveBytes: empty ? 0 : stored(after),
    archiveBytesAdded: empty ? 0 : stored(after) - stored(before),
    liveBytesFreed,
    archivedAt: (empty ? undefined : positiveAt(after, KEY.archivedAt)) ?? now,
  };
}

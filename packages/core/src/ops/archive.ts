/**
 * Moves a session into the archive: write, read back, commit, delete. A resumed session's new output is added to what the
 * archive holds. Whatever stops it half-way, the session's bytes are where its metadata says.
 */
import { attempt, type Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { newStem } from "../format/keys.js";
import { countAt, KEY, OUTPUT, positiveAt } from "../metadata.js";
import type { Meta, OpOptions, StoredObject } from "../ports.js";
import { archivedFiles, condemnedKeys, type Part } from "../session.js";
import { asArchived } from "../transitions.js";
import { replacingIn } from "../versions.js";
import { indexIn, readManifest } from "./archive-file.js";
import { checkLostRace } from "./damage.js";
import { factsFor } from "./facts.js";
import { type Indexes, mendedIndexes } from "./mend-times.js";
import { type NewArchive, writeArchive } from "./new-archive.js";
import { tellRevived } from "./revived.js";
import { finishArchive, settle } from "./settle.js";
import {
  busy,
  confirm,
  fileSize,
  getObject,
  hasNewOutput,
  isAtRest,
  look,
  MAX_TRIES,
  partNamed,
  refusePruned,
  type Snapshot,
  takeSnapshot,
  tryPut,
} from "./snapshot.js";
import { proveBytes } from "./unproven.js";

/** What a host may ask for. */
export interface ArchiveRequest extends OpOptions {
  /** Reads all that is archived, and makes the manifest anew if an earlier version noted other times in it. */
  readonly mendTimes?: boolean | undefined;
}

export interface ArchiveOptions extends ArchiveRequest {
  /** Asked again before the commit if the metadata has changed meanwhile; a reason makes it stop with `CONFLICT`. */
  readonly recheck?: ((meta: Meta) => string | undefined) | undefined;
  /** What an import has taken on trust is not compared with its source: it is to be in the archive whatever that holds now. */
  readonly trusting?: boolean | undefined;
  /** The session as it was just looked at, proven or not, to save another look. */
  readonly seen?: Snapshot | undefined;
}

export interface ArchiveResult {
  readonly id: string;
  /** empty: there was nothing to archive. unchanged: all was archived already, and the manifest is there. */
  readonly outcome: "archived" | "empty" | "unchanged";
  /** Raw bytes the archive holds. */
  readonly rawBytes: number;
  /** Stored bytes of the archive, manifest included. */
  readonly archiveBytes: number;
  /** How much that is more than before. */
  readonly archiveBytesAdded: number;
  readonly liveBytesFreed: number;
  /** Unix ms. */
  readonly archivedAt: number;
}

/** `NOT_FOUND`, `PRUNED`, `CONFLICT` if the session keeps changing, or what the stores say; the session is then as before. */
export async function archive(ctx: Context, id: string, options: ArchiveOptions = {}): Promise<ArchiveResult> {
  const { recheck, seen, mendTimes, trusting, ...op } = options;
  // What an archive has left half-way is finished first: only one at rest gets another manifest.
  if (mendTimes) await settle(ctx, id, op);
  const before = seen ?? (await look(ctx, id, op));
  // The commit's swap shows whether what was seen belongs together. Where there will be none, it must be certain.
  let first = hasNewOutput(before) ? before : await confirm(ctx, before, op);
  if (replacingIn(first.object.meta)) {
    await settle(ctx, id, op);
    first = await takeSnapshot(ctx, id, op);
  }
  refusePruned(first);
  if (fileSize(partNamed(first, OUTPUT)) === 0) return result(id, "empty", undefined, first.object.meta, ctx.now());
  const changed = first.parts.filter(isChanged);
  const lost = async (error: unknown): Promise<never> => {
    await checkLostRace(ctx, first, error);
    throw busy(id);
  };
  const mended: Indexes = mendTimes ? await mendedIndexes(ctx, first.object, op).catch(lost) : new Map();
  if (changed.length === 0 && mended.size === 0 && !(await lacksManifest(ctx, first.object, op))) {
    if (isAtRest(first)) return result(id, "unchanged", first.object.meta, first.object.meta, ctx.now());
    const freed = await settle(ctx, id, op);
    return result(id, "unchanged", first.object.meta, (await getObject(ctx, id, op)).meta, ctx.now(), freed);
  }
  const store = await ctx.notes.id(op);
  const stem = newStem(id, ctx.now(), ctx.randomId(), store);
  const provenBytes = changed.length > 0 && !trusting ? await proveBytes(ctx, first.object, op) : undefined;
  const facts = await factsFor(ctx, first, op);
  const made = await writeArchive(ctx, stem, { ...first, mended, facts, provenBytes }, changed, op).catch(lost);
  const committed = await commit(ctx, first, made, recheck, op);
  const freed = await afterCommit(ctx, committed, op);
  const outcome = result(id, "archived", first.object.meta, committed.object.meta, ctx.now(), freed);
  const { rawBytes, archiveBytes, liveBytesFreed } = outcome;
  ctx.emit({ type: "archived", id, rawBytes, archiveBytes, liveBytesFreed });
  return outcome;
}

/** Whether the manifest of a session at rest is lost or damaged: then one is made anew, from the archive itself. */
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

/** Whether a part holds bytes that the archive does not. */
function isChanged(part: Part): boolean {
  return part.kind === "live" || part.kind === "restored" || part.kind === "tail";
}

/**
 * Points the object at the new archive. On any failure but an unclear one, the new archive is deleted. The object as it
 * is now, with the parts as they were before.
 */
export async function commit(
  ctx: Context,
  first: Snapshot,
  made: NewArchive,
  recheck: ArchiveOptions["recheck"],
  op: OpOptions,
  transition: typeof asArchived = asArchived,
): Promise<Snapshot> {
  const { id } = first.object;
  let unclear = false;
  try {
    let snapshot = first;
    const committed = (object: StoredObject): Snapshot => {
      if (transition === asArchived) tellRevived(ctx, id, snapshot.object.meta);
      return { ...snapshot, object };
    };
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const meta = transition(id, snapshot.object.meta, made.record);
      try {
        const version = await tryPut(ctx, snapshot.object, meta, op);
        if (version !== undefined) return committed({ id, version, meta });
      } catch (error) {
        // It may have been done all the same, or still be under way: only the object can tell.
        unclear = hasCode(error, "UNAVAILABLE");
        const now = unclear ? await getObject(ctx, id) : undefined;
        if (now?.meta[KEY.archiveManifest] === made.record.manifest) return committed(now);
        throw error;
      }
      snapshot = await takeSnapshot(ctx, id, op);
      await checkStillRight(ctx, first, snapshot, made, op);
      const reason = recheck?.(snapshot.object.meta);
      if (reason !== undefined) {
        throw new ArchiverError("CONFLICT", `Session "${id}" is not to be archived any more: ${reason}.`, { id });
      }
    }
    throw busy(id);
  } catch (error) {
    if (!unclear) await attempt(ctx, id, () => made.remove());
    throw error;
  }
}

/** After a lost race: the new archive may be committed only if nothing but other metadata has changed. */
async function checkStillRight(
  ctx: Context,
  first: Snapshot,
  now: Snapshot,
  made: NewArchive,
  op: OpOptions,
): Promise<void> {
  const { id, meta } = now.object;
  // The files' own record, not just their keys: a restore that has begun has noted generations there.
  const sameArchive = JSON.stringify(meta[KEY.archiveFiles]) === JSON.stringify(first.object.meta[KEY.archiveFiles]);
  const generations = (snapshot: Snapshot): string =>
    JSON.stringify(
      snapshot.parts.map((part) => [part.name, part.kind === "live", "blob" in part && part.blob.generation]),
    );
  const isCondemned = condemnedKeys(id, meta).some((key) => made.keys.includes(key));
  refusePruned(now);
  if (!sameArchive || isCondemned || generations(now) !== generations(first)) throw busy(id);
  for (const key of made.keys) {
    if (!(await ctx.archives.stat(key, op))) throw busy(id);
  }
}

/** The archive stands; a live blob that can't be deleted now is found by the next settle. */
async function afterCommit(ctx: Context, committed: Snapshot, op: OpOptions): Promise<number> {
  let freed = 0;
  await attempt(ctx, committed.object.id, async () => {
    const blobs = committed.parts.flatMap((part) => ("blob" in part ? [part.blob] : []));
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
  const stored = (meta: Meta | undefined): number => (meta && countAt(meta, KEY.storedBytes)) ?? 0;
  const empty = outcome === "empty";
  return {
    id,
    outcome,
    rawBytes: empty ? 0 : (countAt(after, KEY.archivedBytes) ?? 0),
    archiveBytes: empty ? 0 : stored(after),
    archiveBytesAdded: empty ? 0 : stored(after) - stored(before),
    liveBytesFreed,
    archivedAt: (empty ? undefined : positiveAt(after, KEY.archivedAt)) ?? now,
  };
}

/**
 * Archives files that lie elsewhere and stay there, without a copy in the blob store. The archive of a session that
 * exists is brought up to what the files hold. See ADR 0039.
 */
import { attempt, type Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { type ArchivedFile, archivedFiles } from "../../session/archived-file.js";
import { followingGeneration, sizesOf } from "../../session/file-state.js";
import { countAt, KEY, OUTPUT } from "../../session/metadata.js";
import { busy, MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { isForgotten, isPruned, isRemoving } from "../../session/state.js";
import { replacingIn } from "../../session/versions.js";
import { archive } from "../archive/archive.js";
import { feedOf } from "../import/feed.js";
import { importSession } from "../import/import.js";
import { type Job, newJob, type Seen, seenBy } from "../import/job.js";
import { newGeneration } from "../import/take-in.js";
import { finishRemove } from "../remove/finish-remove.js";
import { settle } from "../settle.js";
import { type NewBytes, withOriginals } from "./as-blobs.js";
import { type ComparedFile, compareFile } from "./compare-file.js";
import type { MirroredFile, MirrorOptions, MirrorOutcome, MirrorResult, Original } from "./mirror-types.js";
import { noteBefore, noteDone } from "./note.js";

/** One mirror, over all its tries. */
interface Mirror {
  readonly ctx: Context;
  readonly id: string;
  readonly originals: readonly Original[];
  readonly options: MirrorOptions;
  readonly op: OpOptions;
  readonly output: Original;
  /** Archive bytes at the first look. */
  before: number | undefined;
  /** What an import has made of an output that differed. */
  replaced: MirrorOutcome | undefined;
}

/**
 * `INVALID_ARGUMENT` without an output of at least one byte; `CONFLICT` if a file or the session keeps changing;
 * otherwise errors of the sources and the stores. None of them loses anything: the files are only read.
 */
export async function mirror(
  ctx: Context,
  id: string,
  originals: readonly Original[],
  options: MirrorOptions = {},
): Promise<MirrorResult> {
  const output = originals.find(({ name }) => name === OUTPUT);
  const names = new Set(originals.map(({ name }) => name));
  if (output === undefined || output.source.size === 0 || names.size < originals.length) {
    const message = `What is mirrored into session "${id}" must have one file "${OUTPUT}" that is not empty, and no name twice.`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  const op = { signal: options.signal };
  const job: Mirror = { ctx, id, originals, options, op, output, before: undefined, replaced: undefined };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await tryMirror(job);
    if (result) return result;
  }
  throw busy(id);
}

/** `undefined`: the session has changed, or was put in order, and must be looked at again. */
async function tryMirror(job: Mirror): Promise<MirrorResult | undefined> {
  const { ctx, id, op, output } = job;
  const object = await ctx.objects.get(id, op);
  if (!object) return mirrorInto(job, undefined, []);
  if (isRemoving(object.meta)) {
    await finishRemove(ctx, id, op);
    return undefined;
  }
  job.before ??= countAt(object.meta, KEY.archiveBytes) ?? 0;
  if (isForgotten(object.meta)) return untouched(job, "forgotten");
  const snapshot = await takeSnapshot(ctx, id, op);
  const hasLive = snapshot.files.some((state) => sizesOf(state).live > 0);
  if (isPruned(snapshot.object.meta) && !hasLive) {
    // As with any other import, new output shows that the session is in use again.
    const { outcome } = await importSession(ctx, id, output.source, op);
    if (outcome === "pruned") return untouched(job, "pruned");
    return undefined;
  }
  if (hasLive) {
    await archive(ctx, id, op);
    return undefined;
  }
  if (replacingIn(snapshot.object.meta) || snapshot.files.some((state) => state.kind !== "archived")) {
    await settle(ctx, id, op);
    const now = await takeSnapshot(ctx, id, op);
    // An empty blob is neither archived nor outdated: the output continues it.
    if (now.files.some((state) => state.kind !== "archived")) await importSession(ctx, id, output.source, op);
    return undefined;
  }
  return mirrorInto(job, snapshot, archivedFiles(id, snapshot.object.meta));
}

function untouched({ id }: Mirror, outcome: MirrorResult["outcome"]): MirrorResult {
  return { id, outcome, files: [], archiveBytesAdded: 0 };
}

/** The session is new, or all that it holds is archived. */
async function mirrorInto(
  job: Mirror,
  snapshot: Snapshot | undefined,
  archived: readonly ArchivedFile[],
): Promise<MirrorResult | undefined> {
  const { ctx, id, op, originals, options } = job;
  const { importing, seen } = seenOutput(job, snapshot?.object);
  const compared: ComparedFile[] = [];
  for (const original of originals) {
    const file = archived.find(({ name }) => name === original.name);
    const add = original.name === OUTPUT ? seen.add : () => {};
    compared.push(await compareFile(ctx, id, original, file, add, op));
  }
  const output = compared.find(({ original }) => original.name === OUTPUT);
  if (output?.how === "differs" && job.replaced === undefined) {
    // Rare, and so worth a copy in the blob store: the old output becomes a version.
    const { outcome } = await importSession(ctx, id, job.output.source, { ...op, rewritten: "replace" });
    job.replaced = outcome === "replaced" ? "replaced" : "older";
    return undefined;
  }
  const fresh = compared.filter(({ how }) => how === "new");
  if (fresh.length > 0 && !(await archiveNew(job, importing, snapshot?.object, fresh, archived, seen)))
    return undefined;
  const now = await takeSnapshot(ctx, id, op);
  if (!isMirrored(now, fresh)) return undefined;
  const isOutputHeld = output?.how === "held" || output?.how === "new";
  if (!(await noteDone(importing, now.object.meta, isOutputHeld ? seen : undefined, options))) return undefined;
  const added = (countAt(now.object.meta, KEY.archiveBytes) ?? 0) - (job.before ?? 0);
  return { id, outcome: "mirrored", files: compared.map((file) => mirrored(job, file)), archiveBytesAdded: added };
}

function seenOutput(
  { ctx, id, output, options }: Mirror,
  object: StoredObject | undefined,
): { importing: Job; seen: Seen } {
  const { meta, aliases, signal, onProgress } = options;
  const importing = newJob(ctx, id, feedOf(id, output.source), {
    ...{ meta, aliases, signal },
    onProgress: onProgress && (({ bytes }) => onProgress({ bytes, totalBytes: output.source.size })),
  });
  return { importing, seen: seenBy(importing, object?.meta ?? {}) };
}

/** `false`: another writer has changed the session meanwhile. */
async function archiveNew(
  job: Mirror,
  importing: Job,
  object: StoredObject | undefined,
  fresh: readonly ComparedFile[],
  archived: readonly ArchivedFile[],
  seen: Seen,
): Promise<boolean> {
  const { ctx, id, op, options } = job;
  const hasNewOutput = fresh.some(({ original }) => original.name === OUTPUT);
  const noted = await noteBefore(importing, object, hasNewOutput ? seen : undefined, options);
  if (!noted) return false;
  const files = fresh.map(({ original, from, newCrc32 }): NewBytes => {
    const file = archived.find(({ name }) => name === original.name);
    // As with an import: a late one is outdated. A file that joins an archive is new output beside it.
    const first = archived.length === 0 ? newGeneration(ctx) : `original-${ctx.randomId()}`;
    const generation = file ? followingGeneration(file, ctx.randomId()) : first;
    return { name: original.name, source: original.source, start: from, generation, crc32: newCrc32 };
  });
  try {
    await archive(withOriginals(ctx, id, files), id, { ...op, trusting: true });
    return true;
  } catch (error) {
    // Leaves no empty session behind, unless the archive may be committed after all.
    if (!object && !hasCode(error, "UNAVAILABLE")) await attempt(ctx, id, () => ctx.objects.delete(id, noted));
    throw error;
  }
}

/** Whether the archive holds all that was new. */
function isMirrored({ object: { id, meta } }: Snapshot, fresh: readonly ComparedFile[]): boolean {
  const files = archivedFiles(id, meta);
  return fresh.every(({ original, crc32 }) => {
    const file = files.find(({ name }) => name === original.name);
    return file?.rawBytes === original.source.size && file.crc32 === crc32;
  });
}

const OUTCOMES = { held: "unchanged", older: "older", differs: "differs" } as const;

function mirrored({ replaced }: Mirror, { original, how, from, crc32 }: ComparedFile): MirroredFile {
  const { name, source } = original;
  const outcome = how === "new" ? (from > 0 ? "appended" : "created") : OUTCOMES[how];
  if (name === OUTPUT && replaced !== undefined) return { name, outcome: replaced, rawBytes: source.size, crc32 };
  return { name, outcome, rawBytes: outcome === "differs" ? 0 : source.size, crc32 };
}

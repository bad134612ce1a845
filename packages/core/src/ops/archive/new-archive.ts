/** Puts a new archive into the sink, which no object names yet: its changed files, and the manifest. */
import { attempt, type Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { keyTime, newArchiveKeyBase } from "../../format/keys.js";
import type { Facts } from "../../format/origin.js";
import type { Bytes, Meta, OpOptions } from "../../ports.js";
import { keptArchives } from "../../session/archive-keys.js";
import { type FileState, sizesOf } from "../../session/file-state.js";
import { KEY, OUTPUT, positiveAt, stringAt, stringsAt } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { type ArchiveRecord, withFacts, withProven } from "../../session/transitions/archived.js";
import { versionKeys } from "../../session/versions.js";
import { whySetBack } from "../gc/set-back.js";
import { manifestOf, type Writing } from "./entries.js";
import type { Indexes } from "./mend-times.js";
import { writeApart } from "./write-apart.js";
import { fitTogether, writeTogether } from "./write-together.js";

export interface NewArchive {
  readonly record: ArchiveRecord;
  /** The keys of the objects that were put into the sink. */
  readonly keys: readonly string[];
  /** Deletes these objects again, or leaves them to gc. */
  remove(): Promise<void>;
}

export interface ToArchive extends Snapshot {
  /** Indexes to use instead of the manifest's for archived files. */
  readonly mended: Indexes;
  /** Facts to use instead of those in the metadata. */
  readonly facts?: Facts | undefined;
  /** How many of the first bytes have been compared with the session's source. */
  readonly provenBytes?: number | undefined;
  /** The raw bytes of the whole archived output, to archive it anew; live bytes stay as they are. */
  readonly output?: Bytes | undefined;
  /** The same for any file, by its name. */
  readonly bodies?: ReadonlyMap<string, Bytes> | undefined;
  /** Merges all parts of the changed files. */
  readonly repack?: boolean | undefined;
}

/** A clock that is set back by no more keeps the order of manifests. One that is farther behind was wrong then, or is now. */
const CLOCK_STEP_MS = 60_000;

/**
 * Unchanged files stay where they are, under their old keys; if no file has changed, only a manifest is made. If it
 * fails, it leaves nothing behind, unless a copy of the store may need that.
 */
export async function writeArchive(
  ctx: Context,
  snapshot: ToArchive,
  changed: readonly FileState[],
  op: OpOptions,
): Promise<NewArchive> {
  const { mended, facts, provenBytes, output: whole, bodies, repack, files } = snapshot;
  const { id, meta } = snapshot.object;
  const keys: string[] = [];
  const remove = async (): Promise<void> => {
    if (keys.length === 0 || (await mayBeNamed(ctx, id))) return;
    for (const key of keys) await attempt(ctx, id, () => ctx.archives.delete(key));
  };
  const totalBytes = changed.reduce((sum, state) => sum + sizesOf(state).live, 0);
  let bytes = 0;
  const now = ctx.now();
  const createdAt = nextManifestTime(meta, now);
  // A new manifest alone, or a file made anew, doesn't make the archive younger.
  const isNew = changed.some((state) => "blob" in state) && !whole && !bodies;
  const at = (isNew ? undefined : positiveAt(meta, KEY.archivedAt)) ?? now;
  const told = withProven(withFacts(meta, facts), provenBytes);
  const store = await ctx.notes.id(op);
  const writing: Writing = {
    keyBase: newArchiveKeyBase(id, createdAt, ctx.randomId(), store),
    source: (state) => {
      return { id, meta, state, base: mended.get(state.name), body: bodies?.get(state.name) ?? whole, repack };
    },
    manifest: (entries) => manifestOf({ id, meta: told, store, createdAt, at }, entries),
    onKey: (key) => void keys.push(key),
    onRaw(raw) {
      bytes += raw;
      ctx.emit({ type: "progress", operation: "archive", id, bytes, totalBytes });
    },
  };
  try {
    const only = fitTogether(ctx, id, told, files, changed);
    const { entries, manifest } = only
      ? await writeTogether(ctx, id, only, writing, op)
      : await writeApart(ctx, snapshot.object, files, changed, mended, writing, op);
    const output = entries.find(({ file }) => file.name === OUTPUT);
    if (!output) throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" has no output to archive.`, { id });
    const record: ArchiveRecord = {
      at,
      archiveKey: output.file.archiveKey,
      manifestKey: manifest.key,
      manifestBytes: manifest.bytes,
      manifestCrc32: manifest.crc32,
      files: entries.map(({ file }) => file),
      count: { ...output.index, bytes: output.index.rawBytes },
      facts,
      provenBytes,
    };
    return { record, keys, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A copy that was made from the sink meanwhile may name an archive that is not committed here: then it is left to gc. */
async function mayBeNamed(ctx: Context, id: string): Promise<boolean> {
  let isSetBack = true;
  await attempt(ctx, id, async () => {
    isSetBack = (await whySetBack(ctx, {})) !== undefined;
  });
  return isSetBack;
}

/** Later than all that the session has had before, since a rebuild takes facts and metadata from the latest. */
function nextManifestTime(meta: Meta, now: number): number {
  const present = stringAt(meta, KEY.manifestKey) ?? "";
  let next = now;
  for (const key of [present, ...keptArchives(meta), ...versionKeys(meta), ...stringsAt(meta, KEY.givenUp)]) {
    const time = keyTime(key) ?? 0;
    if (time - now < CLOCK_STEP_MS) next = Math.max(next, time + 1);
  }
  return next;
}

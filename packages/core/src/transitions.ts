/**
 * The changes of metadata that move a session on: each is what one compare-and-swap commits. Pure; see `session.ts` for what
 * the states mean.
 */

import { type Facts, factsIn, sourceIn } from "./format/origin.js";
import { type Count, withCount } from "./line-count.js";
import { lostIn } from "./lost.js";
import { KEY, OUTPUT, positiveAt, withKeys } from "./metadata.js";
import type { Json, Meta } from "./ports.js";
import {
  type ArchivedFile,
  archivedFiles,
  givenUpBy,
  givenUpKeys,
  isArchived,
  isPruned,
  isPurged,
  keptArchives,
  namedKeys,
} from "./session.js";

/** What a new archive holds. */
export interface ArchiveRecord {
  readonly at: number;
  /** Sink key of the output's archive. */
  readonly path: string;
  readonly manifest: string;
  readonly manifestBytes: number;
  readonly manifestCrc32: number;
  readonly files: readonly ArchivedFile[];
  /** The count of the output that is archived. */
  readonly count: Count;
  /** Facts extracted anew, if any. */
  readonly facts?: Facts | undefined;
  /** Bytes that were compared with the source, if any. */
  readonly provenBytes?: number | undefined;
}

/** The metadata without the mark of so many unproven bytes. */
export function withProven(meta: Meta, provenBytes: number | undefined): Meta {
  return provenBytes !== undefined && meta[KEY.unproven] === provenBytes
    ? withKeys(meta, { [KEY.unproven]: null })
    : meta;
}

/** The metadata with these facts, if there are any. */
export function withFacts(meta: Meta, facts: Facts | undefined): Meta {
  return facts ? withKeys(meta, { [KEY.facts]: facts as unknown as Json }) : meta;
}

/** The commit of `archive`; live blobs may still be there. */
export function asArchived(id: string, meta: Meta, record: ArchiveRecord): Meta {
  // Live bytes were found and archived: whatever was pruned before, the session is in use.
  const current = isPurged(meta) ? asRevived(meta) : asUnpruned(meta);
  const archived = withKeys(withCount(withFacts(withProven(current, record.provenBytes), record.facts), record.count), {
    [KEY.archivedAt]: record.at,
    [KEY.archivedBytes]: record.files.reduce((sum, file) => sum + file.bytes, 0),
    [KEY.archivePath]: record.path,
    [KEY.archiveManifest]: record.manifest,
    [KEY.manifestCrc32]: record.manifestCrc32,
    [KEY.archiveFiles]: record.files as unknown as Json,
    [KEY.storedBytes]: record.files.reduce((sum, file) => sum + file.storedBytes, record.manifestBytes),
    [KEY.settlingAt]: record.at,
    [KEY.resumedAt]: null,
    [KEY.keepArchive]: null,
    [KEY.restoredAt]: null,
    [KEY.replacing]: null,
  });
  return withGivenUp(id, meta, archived);
}

/** The commit of an archive made anew in place of one that is missing or damaged; of the session nothing else changes. */
export function asMended(id: string, meta: Meta, record: ArchiveRecord): Meta {
  const mended = withKeys(meta, {
    [KEY.archivePath]: record.path,
    [KEY.archiveManifest]: record.manifest,
    [KEY.manifestCrc32]: record.manifestCrc32,
    [KEY.archiveFiles]: record.files as unknown as Json,
    [KEY.storedBytes]: record.files.reduce((sum, file) => sum + file.storedBytes, record.manifestBytes),
  });
  return withGivenUp(id, meta, mended);
}

/** More than these are left to their manifests to prove superfluous. */
const MOST_GIVEN_UP = 256;

/** Notes the sink keys that a commit gives up, and `more` that hold nothing but what goes with them. */
function withGivenUp(id: string, before: Meta, after: Meta, more: readonly string[] = []): Meta {
  const kept = new Set(namedKeys(id, after));
  const all = new Set([...givenUpKeys(id, before), ...givenUpBy(id, before, after), ...more]);
  const givenUp = [...all].filter((key) => !kept.has(key)).slice(-MOST_GIVEN_UP);
  return withKeys(after, { [KEY.givenUp]: givenUp.length > 0 ? givenUp : null });
}

/** After the archive's live blobs are gone, or new output was met. */
export function asSettled(meta: Meta, resumedAt: number | undefined): Meta {
  const since = positiveAt(meta, KEY.resumedAt) ?? resumedAt;
  return withKeys(meta, { [KEY.settlingAt]: null, [KEY.resumedAt]: resumedAt === undefined ? null : since });
}

/** Before live output is written to an archived session; a tombstone whose bytes are there still is taken back. */
function asResumed(meta: Meta, now: number): Meta {
  if (!isArchived(meta)) return meta;
  // Output that comes while an import replaces what there is comes first: the import finds its intent gone.
  const revived = asNotReplacing(isPruned(meta) ? asUnpruned(meta) : meta);
  return positiveAt(revived, KEY.resumedAt) === undefined ? withKeys(revived, { [KEY.resumedAt]: now }) : revived;
}

/** The intent of `restore`: the generation each blob will have, where none is recorded yet. */
export function asRestoring(
  meta: Meta,
  files: readonly ArchivedFile[],
  restore: { readonly at: number; readonly keepArchive: boolean; readonly newGeneration: () => string },
): Meta {
  const { newGeneration } = restore;
  const marked = files.map((file) => (file.restoring === undefined ? { ...file, restoring: newGeneration() } : file));
  return withKeys(meta, {
    [KEY.archiveFiles]: marked as unknown as Json,
    [KEY.settlingAt]: restore.at,
    [KEY.keepArchive]: restore.keepArchive || null,
  });
}

/** The commit of `restore`: every file is whole in its blob. */
export function asLive(id: string, meta: Meta, now: number): Meta {
  const kept = meta[KEY.keepArchive] === true ? namedKeys(id, meta) : keptArchives(meta);
  const live = withKeys(meta, {
    ...NO_ARCHIVE,
    [KEY.archivedAt]: null,
    [KEY.archivedBytes]: null,
    [KEY.keptArchives]: kept.length > 0 ? kept : null,
    [KEY.restoredAt]: now,
  });
  return withGivenUp(id, meta, live);
}

const NO_ARCHIVE = {
  [KEY.archivePath]: null,
  [KEY.archiveManifest]: null,
  [KEY.manifestCrc32]: null,
  [KEY.archiveFiles]: null,
  [KEY.storedBytes]: null,
  [KEY.settlingAt]: null,
  [KEY.resumedAt]: null,
  [KEY.keepArchive]: null,
  [KEY.replacing]: null,
};

/**
 * The intent of an import to replace the output, archived or purged: the generation of the blob with the new one, and those of
 * the sidecars, which are brought back as by a restore.
 */
export function asReplacing(meta: Meta, files: readonly ArchivedFile[], at: number, newGeneration: () => string): Meta {
  const replacing = { at, generation: newGeneration() };
  if (!isArchived(meta)) return withKeys(meta, { [KEY.settlingAt]: at, [KEY.replacing]: replacing });
  const sidecars = files.filter(({ name }) => name !== OUTPUT);
  const noted = asRestoring(meta, sidecars, { at, keepArchive: false, newGeneration });
  const marked = new Map(
    (noted[KEY.archiveFiles] as unknown as readonly ArchivedFile[]).map((file) => [file.name, file]),
  );
  const all = files.map((file) => marked.get(file.name) ?? file);
  return withKeys(noted, { [KEY.archiveFiles]: all as unknown as Json, [KEY.replacing]: replacing });
}

/** The same taken back: the blob, if there is one, belongs to nobody. Sidecars that are live again stay so. */
export function asNotReplacing(meta: Meta): Meta {
  if (meta[KEY.replacing] === undefined) return meta;
  return withKeys(meta, { [KEY.replacing]: null, ...(!isArchived(meta) && { [KEY.settlingAt]: null }) });
}

/** The commit of a replacement: the blob is the output, and what it takes the place of is kept as a version. */
export function asReplaced(id: string, meta: Meta, now: number): Meta {
  const live = asLive(id, withKeys(meta, { [KEY.keepArchive]: true }), now);
  const output = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  const { path, bytes, storedBytes, crc32, lines } = output ?? {};
  const kept = withKeys(
    {},
    {
      ...{ replacedAt: now, path, manifest: meta[KEY.archiveManifest], manifestCrc32: meta[KEY.manifestCrc32] },
      ...{ bytes, storedBytes, crc32, lines },
    },
  );
  const before = meta[KEY.versions];
  return withKeys(withoutCounts(live), {
    [KEY.versions]: [...(Array.isArray(before) ? before : []), kept],
    [KEY.restoredAt]: null,
  });
}

/** Without what was noted, counted, taken on trust and extracted of an output that is not there any more; what facts say stays, until it is said anew. */
function withoutCounts(meta: Meta): Meta {
  const facts = factsIn(meta[KEY.facts]);
  const source = sourceIn(meta[KEY.source]);
  return withKeys(meta, {
    ...(source && { [KEY.source]: withKeys(source, { version: null, size: null }) }),
    ...(facts && { [KEY.facts]: withKeys(facts as unknown as Meta, { bytes: null }) }),
    [KEY.countedTo]: null,
    [KEY.lineCount]: null,
    [KEY.unproven]: null,
  });
}

/** A tombstone; the archive stays until `asPurged`, and that for `graceMs` at least. For ever, JSON can't say. */
export function asPruned(meta: Meta, at: number, reason: string, graceMs: number): Meta {
  const purgeAfter = Number.isFinite(at + graceMs) ? at + graceMs : null;
  return withKeys(meta, { [KEY.prunedAt]: at, [KEY.pruneReason]: reason, [KEY.purgeAfter]: purgeAfter });
}

const NO_TOMBSTONE = { [KEY.prunedAt]: null, [KEY.pruneReason]: null, [KEY.purgeAfter]: null };

export function asUnpruned(meta: Meta): Meta {
  return withKeys(meta, NO_TOMBSTONE);
}

/**
 * The archive is given up: time, size, lines and CRC stay as its tombstone. `superfluous`: sink keys that hold nothing but
 * what is given up.
 */
export function asPurged(id: string, meta: Meta, now: number, superfluous: readonly string[] = []): Meta {
  const output = archivedFiles(id, meta).find((file) => file.name === OUTPUT);
  const purged = withKeys(meta, {
    ...NO_ARCHIVE,
    [KEY.archivedAt]: null,
    [KEY.purgeAfter]: null,
    [KEY.purgedAt]: now,
    [KEY.prunedCrc32]: output?.crc32,
  });
  return withGivenUp(id, meta, purged, superfluous);
}

/** What is left of a session that is being removed: what has to be deleted still. */
export function asRemoving(meta: Meta, now: number, givenUp: readonly string[]): Meta {
  const { [KEY.view]: view } = meta;
  return withKeys({}, { [KEY.view]: view, [KEY.removingAt]: now, [KEY.settlingAt]: now, [KEY.givenUp]: givenUp });
}

/** What new output does to a session in any state: a purged one is live again, an archived one resumed. */
export function asWritten(meta: Meta, now: number): Meta {
  return isPurged(meta) ? asRevived(meta) : asResumed(meta, now);
}

/** The same once the new output is there: always a change, so that no swap against what was before can come after it. */
export function asMarkedAnew(meta: Meta, now: number): Meta {
  const written = asWritten(meta, now);
  return isArchived(written) ? withKeys(written, { [KEY.resumedAt]: now }) : written;
}

/** New output for a purged session: it is live again; what was lost stays on record. */
function asRevived(meta: Meta): Meta {
  const lost = lostIn(meta);
  return withKeys(withoutCounts(meta), {
    ...NO_TOMBSTONE,
    [KEY.settlingAt]: null,
    [KEY.replacing]: null,
    [KEY.purgedAt]: null,
    [KEY.lostBytes]: lost?.bytes,
    [KEY.lostAt]: lost?.purgedAt,
    [KEY.lostReason]: lost?.reason,
    [KEY.lostCrc32]: lost?.crc32,
    [KEY.archivedBytes]: null,
    [KEY.prunedCrc32]: null,
  });
}

/** What the commit of an archive writes into the metadata. Pure. */
import type { Facts } from "../../format/origin.js";
import type { Json, Meta } from "../../ports.js";
import { type ArchivedFile, storedFiles } from "../archived-file.js";
import { countIn, type OutputCount, withCount } from "../line-count.js";
import { KEY, positiveAt, withKeys } from "../metadata.js";
import { isPurged } from "../state.js";
import { withGivenUp } from "./given-up.js";
import { asUnpruned } from "./tombstone.js";
import { asRevived } from "./written.js";

/** What a new archive holds. */
export interface ArchiveRecord {
  readonly at: number;
  /** Sink key of the output's archive. */
  readonly archiveKey: string;
  readonly manifestKey: string;
  readonly manifestBytes: number;
  readonly manifestCrc32: number;
  readonly files: readonly ArchivedFile[];
  /** The count of the archived output. */
  readonly count: OutputCount;
  /** Facts that were extracted for this archive, if any. */
  readonly facts?: Facts | undefined;
  /** How many bytes were compared with the source, if any. */
  readonly provenBytes?: number | undefined;
}

/** Removes the mark of unproven bytes if exactly this many were compared with the source. */
export function withProven(meta: Meta, provenBytes: number | undefined): Meta {
  return provenBytes !== undefined && meta[KEY.unproven] === provenBytes
    ? withKeys(meta, { [KEY.unproven]: null })
    : meta;
}

/** The metadata with these facts, if there are any. */
export function withFacts(meta: Meta, facts: Facts | undefined): Meta {
  return facts ? withKeys(meta, { [KEY.facts]: facts as unknown as Json }) : meta;
}

/** The commit of `archive`; live blobs may still exist. */
export function asArchived(id: string, meta: Meta, record: ArchiveRecord): Meta {
  // Live bytes were found and archived: whatever was pruned before, the session is in use.
  const current = isPurged(meta) ? asRevived(meta) : asUnpruned(meta);
  // The archive's index counts lines for itself; a restored session needs the marks again.
  const count = { ...record.count, marks: countIn(current)?.marks };
  const archived = withKeys(withCount(withFacts(withProven(current, record.provenBytes), record.facts), count), {
    [KEY.archivedAt]: record.at,
    [KEY.archivedRawBytes]: record.files.reduce((sum, file) => sum + file.rawBytes, 0),
    [KEY.archiveKey]: record.archiveKey,
    [KEY.manifestKey]: record.manifestKey,
    [KEY.manifestCrc32]: record.manifestCrc32,
    [KEY.archiveFiles]: storedFiles(record.files),
    [KEY.archiveBytes]: record.files.reduce((sum, file) => sum + file.archiveBytes, record.manifestBytes),
    [KEY.verifiedAt]: null,
    [KEY.settlingAt]: record.at,
    [KEY.resumedAt]: null,
    [KEY.keepArchive]: null,
    [KEY.restoredAt]: null,
    [KEY.replacing]: null,
  });
  return withGivenUp(id, meta, archived);
}

/** The commit of an archive that replaces a missing or damaged one. Nothing else of the session changes. */
export function asMended(id: string, meta: Meta, record: ArchiveRecord): Meta {
  const mended = withKeys(meta, {
    [KEY.archiveKey]: record.archiveKey,
    [KEY.manifestKey]: record.manifestKey,
    [KEY.manifestCrc32]: record.manifestCrc32,
    [KEY.archiveFiles]: storedFiles(record.files),
    [KEY.archiveBytes]: record.files.reduce((sum, file) => sum + file.archiveBytes, record.manifestBytes),
    [KEY.verifiedAt]: null,
  });
  return withGivenUp(id, meta, mended);
}

/** The commit of facts about what is archived already: only the manifest is new. */
export function asDescribed(id: string, meta: Meta, record: ArchiveRecord): Meta {
  const described = withKeys(withFacts(meta, record.facts), {
    [KEY.manifestKey]: record.manifestKey,
    [KEY.manifestCrc32]: record.manifestCrc32,
    [KEY.archiveBytes]: record.files.reduce((sum, file) => sum + file.archiveBytes, record.manifestBytes),
  });
  return withGivenUp(id, meta, described);
}

/** After the archive's live blobs were deleted, or new output was found. */
export function asSettled(meta: Meta, resumedAt: number | undefined): Meta {
  const since = positiveAt(meta, KEY.resumedAt) ?? resumedAt;
  return withKeys(meta, { [KEY.settlingAt]: null, [KEY.resumedAt]: resumedAt === undefined ? null : since });
}

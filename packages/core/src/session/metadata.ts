/** The metadata keys, and how to read them. A host's metadata is untrusted: any value may have any type. */
import type { Json, Meta, ObjectQuery } from "../ports.js";

/** Name of the blob that holds a session's JSONL. Every other blob of a session is a sidecar. */
export const OUTPUT = "output";

/**
 * First the keys of the original system, with the same meanings, then this library's. Times are unix ms, sizes bytes.
 */
export const KEY = {
  /** Only sessions with the view `agent` are swept. */
  view: "view",
  startedAt: "session:start_ts_ms",
  lastActivity: "session:last_activity_ms",
  /** Lines that hold a non-whitespace character. */
  lineCount: "session:line_count",
  /** Greater than 0: archived. */
  archivedAt: "session:archived_at",
  /** Raw bytes in the archive, over all files. */
  archivedRawBytes: "session:archived_bytes",
  /** Sink key of the output's archive. */
  archiveKey: "session:archive_path",
  /** Sink key of the manifest. */
  manifestKey: "session:archive_manifest",
  /** CRC-32 of the manifest as stored. A manifest is trusted only if it matches. */
  manifestCrc32: "session:archive_manifest_crc32",
  /** The archived files, each with the generation of its blob: see `ArchivedFile`. */
  archiveFiles: "session:archive_files",
  /** Bytes in the sink: archives and manifest. */
  archiveBytes: "session:archive_stored_bytes",
  /** When everything that the session held was last read and found right: see `known-whole.ts`. */
  verifiedAt: "session:verified_at",
  /** Set while an archive or a restore is between its first commit and its end. */
  settlingAt: "session:settling_at",
  /** Set while live output continues the archive. */
  resumedAt: "session:resumed_at",
  /** Set by a restore that was asked to keep the archive, until it is done. */
  keepArchive: "session:keep_archive",
  /** Sink keys of archives that a restore was asked to keep. */
  keptArchives: "session:kept_archives",
  /**
   * Sink keys that `gc` is deleting: no archive may be committed under them. Those that the session names itself are on record as given
   * up by a copy of its store.
   */
  condemned: "session:condemned",
  /** Sink keys that the session's commits have given up: `gc` may delete them. */
  givenUp: "session:given_up",
  /** Set while the session is being removed; it counts as gone. */
  removingAt: "session:removing_at",
  /** Set once the session is being forgotten. A tombstone with this key holds nothing else about the session. */
  forgottenAt: "session:forgotten_at",
  pinned: "session:pinned",
  /** Greater than 0: a tombstone. The archive's bytes are deleted after a grace period. */
  prunedAt: "session:pruned_at",
  pruneReason: "session:prune_reason",
  /** The tombstone can be taken back at least until then, unless a prune is called with another grace period. */
  purgeAfter: "session:purge_after",
  /** Set once the bytes were given up for good. */
  purgedAt: "session:purged_at",
  /** CRC-32 of the output whose archive was purged. */
  prunedCrc32: "session:pruned_crc32",
  /**
   * Raw bytes purged before the session was written to again; then, of the last purge: when, why, and the output's
   * CRC-32.
   */
  lostBytes: "session:lost_bytes",
  lostAt: "session:lost_at",
  lostReason: "session:lost_reason",
  lostCrc32: "session:lost_crc32",
  /** Set by a restore, so that sweeps leave the session alone for a while. */
  restoredAt: "session:restored_at",
  /** The session's source, the facts extracted from it, and where its files lay: see `format/origin.ts`. */
  source: "session:source",
  facts: "session:facts",
  members: "session:members",
  /**
   * The files of an agent program that the archive mirrors, as `@session-archiver/agent-folders` notes them: where they
   * lie, or lay. While its `state` is `kept`, the session's originals lie there.
   */
  originals: "session:originals",
  /** Other ids under which the session may be asked for: those that it had before. */
  aliases: "session:aliases",
  /** Earlier outputs that imports have replaced, oldest first: see `versions.ts`. */
  versions: "session:versions",
  /** Set while an import replaces the output: see `versions.ts`. */
  replacing: "session:replacing",
  /** How many of the first bytes an import did not compare with the session's source. */
  unproven: "session:unproven",
  /** Set when a catalogue was made anew: by then the session had output that was in the lost catalogue's store alone. */
  liveLostAt: "session:live_lost_at",
  /** What salvages of damaged archives could not bring back, oldest first: see `salvage-notes.ts`. */
  salvaged: "session:salvaged",
  /** How far `lineCount` has counted, and whether it includes an unfinished line: see the recorder. */
  countedTo: "session:counted_to",
} as const;

/** The value if it is an object with keys. */
export function recordIn(value: unknown): Meta | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Meta) : undefined;
}

export function numberAt(meta: Meta, key: string): number | undefined {
  const value = meta[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A number of bytes or lines: whole, from 0 to 2^53 - 1. */
export function countAt(meta: Meta, key: string): number | undefined {
  const value = meta[key];
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** A time or count that is ignored unless positive. */
export function positiveAt(meta: Meta, key: string): number | undefined {
  const value = numberAt(meta, key);
  return value !== undefined && value > 0 ? value : undefined;
}

export function stringAt(meta: Meta, key: string): string | undefined {
  const value = meta[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function stringsAt(meta: Meta, key: string): readonly string[] {
  const strings = meta[key];
  return Array.isArray(strings) ? strings.filter((string) => typeof string === "string" && string !== "") : [];
}

/** The metadata with some keys changed; `null` and `undefined` remove a key. */
export function withKeys(meta: Meta, changes: Readonly<Record<string, Json | undefined>>): Meta {
  return Object.fromEntries(
    Object.entries({ ...meta, ...changes }).filter((entry): entry is [string, Json] => entry[1] != null),
  );
}

/** The values that an adapter indexes for {@link ObjectQuery}. */
export interface SweepIndex {
  /** Fully archived, or pruned: sweeps have nothing to do here. */
  readonly archived: boolean;
  /** `null`: unknown. 0, and so always due, if an operation was cut short. */
  readonly lastActivityMs: number | null;
  /**
   * For a session whose archive counts toward the byte cap: its last activity or, if that is unknown, when it was
   * archived. `null`: no archive, or one with a tombstone.
   */
  readonly keptActivityMs: number | null;
  /** When the tombstone was set. `null`: no tombstone, or its bytes are gone. */
  readonly prunedAtMs: number | null;
  /** What the archive adds to the total that the byte cap limits; 0 if `keptActivityMs` is `null`. */
  readonly archiveBytes: number;
}

export function sweepIndex(meta: Meta): SweepIndex {
  const archivedAt = positiveAt(meta, KEY.archivedAt) ?? null;
  const prunedAt = positiveAt(meta, KEY.prunedAt) ?? null;
  const kept = archivedAt !== null && prunedAt === null;
  const archiveBytes = positiveAt(meta, KEY.archiveBytes) ?? 0;
  const lastActivity = positiveAt(meta, KEY.lastActivity) ?? null;
  const settling = positiveAt(meta, KEY.settlingAt) !== undefined;
  const resumed = positiveAt(meta, KEY.resumedAt) !== undefined;
  return {
    archived: (archivedAt !== null || positiveAt(meta, KEY.purgedAt) !== undefined) && !settling && !resumed,
    lastActivityMs: settling ? 0 : lastActivity,
    keptActivityMs: kept ? (lastActivity ?? archivedAt) : null,
    prunedAtMs: archivedAt === null ? null : prunedAt,
    archiveBytes: kept && Number.isSafeInteger(archiveBytes) ? archiveBytes : 0,
  };
}

/** Whether an object with this id and metadata matches the query, as far as the object alone can show. */
export function matchesQuery(id: string, meta: Meta, query: ObjectQuery = {}): boolean {
  return id.startsWith(query.prefix ?? "") && matchesIndex(sweepIndex(meta), query);
}

/** Whether an object with these values may match the query: its id is left aside. */
export function matchesIndex(index: SweepIndex, query: ObjectQuery): boolean {
  if (query.archived !== undefined && index.archived !== query.archived) return false;
  if (query.oldestArchivesLimit !== undefined && index.keptActivityMs === null) return false;
  return (
    isAtOrBefore(index.lastActivityMs, query.lastActiveBefore) && isAtOrBefore(index.prunedAtMs, query.prunedBefore)
  );
}

function isAtOrBefore(time: number | null, limit: number | undefined): boolean {
  return limit === undefined || (time !== null && time <= limit);
}

/** Reports of sweeps, prunes and verifications. The command line prints them as JSON. */
import { type ErrorCode, toArchiverError } from "../errors.js";

export interface SessionFailure {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a sweep has left because a store has no space. Sizes in bytes. */
export interface OutOfSpace {
  /** The sessions that are still to be archived. Those that were tried last are among the failures, with `QUOTA`. */
  readonly sessionCount: number;
  readonly liveBytes: number;
  /** About how much has to be free for all of them to be archived, each freeing what the next one needs. */
  readonly neededBytes: number;
}

/** Sizes in bytes. */
export interface SweepReport {
  archivedCount: number;
  /** Tombstones that were set. */
  prunedCount: number;
  /** Sessions whose archive was given up for good. */
  purgedCount: number;
  /** Sessions that were looked at and left alone. */
  skippedCount: number;
  failedCount: number;
  liveBytesFreed: number;
  /** Bytes added to the sink. */
  archiveBytesAdded: number;
  /**
   * How much less the archived sessions take up on disk now, what was added to the sink counted, in bytes of allocated blocks;
   * negative if it is more. Only if a session was archived, and the stores can tell.
   */
  diskBytesFreed?: number;
  /** Bytes deleted from the sink. */
  archiveBytesFreed: number;
  /** Only if archiving ended for lack of space: to free some in another way helps, and sweeping again does not. */
  outOfSpace?: OutOfSpace;
  /** Why nothing was purged although something was due, and what to do about it; `null` if it was not refused. */
  refused: string | null;
  /** Archive objects that nothing in the catalogue explains, and their bytes in the sink, as the last gc found them. */
  unknownCount: number;
  unknownBytes: number;
  readonly failures: SessionFailure[];
}

/** A report of no work, to be added to. */
export function emptyReport(): SweepReport {
  return {
    archivedCount: 0,
    prunedCount: 0,
    purgedCount: 0,
    skippedCount: 0,
    failedCount: 0,
    liveBytesFreed: 0,
    archiveBytesAdded: 0,
    archiveBytesFreed: 0,
    refused: null,
    unknownCount: 0,
    unknownBytes: 0,
    failures: [],
  };
}

/** A failure for a report. An error without one of the library's codes counts as `UNAVAILABLE`. */
export function failureOf(id: string, error: unknown): SessionFailure {
  const { code, message } = toArchiverError(error) as Error & { code: ErrorCode };
  return { id, code, message };
}

export function addFailure(report: SweepReport, id: string, error: unknown): void {
  report.failedCount++;
  report.failures.push(failureOf(id, error));
}

/** Adds what one session has freed on disk, if that is known. */
export function addDiskBytes(to: SweepReport, { diskBytesFreed }: Pick<SweepReport, "diskBytesFreed">): void {
  if (diskBytesFreed !== undefined) to.diskBytesFreed = (to.diskBytesFreed ?? 0) + diskBytesFreed;
}

/** Adds the second report to the first. */
export function addReport(to: SweepReport, from: SweepReport): void {
  to.archivedCount += from.archivedCount;
  to.prunedCount += from.prunedCount;
  to.purgedCount += from.purgedCount;
  to.skippedCount += from.skippedCount;
  to.failedCount += from.failedCount;
  to.liveBytesFreed += from.liveBytesFreed;
  to.archiveBytesAdded += from.archiveBytesAdded;
  to.archiveBytesFreed += from.archiveBytesFreed;
  addDiskBytes(to, from);
  to.refused ??= from.refused;
  to.failures.push(...from.failures);
}

/** What sweeps, prunes and verifications tell: the shapes that the command line prints as JSON. */
import { type ErrorCode, toArchiverError } from "../errors.js";

export interface SessionFailure {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Sizes in bytes. */
export interface SweepReport {
  archivedCount: number;
  /** Tombstones set. */
  prunedCount: number;
  /** Sessions whose archive was given up for good. */
  purgedCount: number;
  /** Sessions that were looked at and left alone. */
  skippedCount: number;
  failedCount: number;
  liveBytesFreed: number;
  /** Growth of the sink. */
  archiveBytesAdded: number;
  /** Deleted from the sink. */
  archiveBytesFreed: number;
  /** Why nothing was purged although something was due, and the way out; `null` if nothing speaks against it. */
  refused: string | null;
  /** Archive objects that nothing in the catalogue explains, and their stored bytes, as the last gc found them. */
  unknownCount: number;
  unknownBytes: number;
  readonly failures: SessionFailure[];
}

/** A report of nothing, to be added to. */
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

/** A failure as reports tell it; what is none of ours counts as `UNAVAILABLE`. */
export function failureOf(id: string, error: unknown): SessionFailure {
  const { code, message } = toArchiverError(error) as Error & { code: ErrorCode };
  return { id, code, message };
}

export function addFailure(report: SweepReport, id: string, error: unknown): void {
  report.failedCount++;
  report.failures.push(failureOf(id, error));
}

/** Adds up two reports. */
export function addReport(to: SweepReport, from: SweepReport): void {
  to.archivedCount += from.archivedCount;
  to.prunedCount += from.prunedCount;
  to.purgedCount += from.purgedCount;
  to.skippedCount += from.skippedCount;
  to.failedCount += from.failedCount;
  to.liveBytesFreed += from.liveBytesFreed;
  to.archiveBytesAdded += from.archiveBytesAdded;
  to.archiveBytesFreed += from.archiveBytesFreed;
  to.refused ??= from.refused;
  to.failures.push(...from.failures);
}

/** What a rebuild reports. */
import type { SessionFailure } from "../report.js";
import type { OtherStore } from "./choose-store.js";

/** What the work on sessions adds to the report, in the order in which they lie in the sink. */
export interface Additions {
  /** Sessions that the catalogue lacked and has now. */
  readonly made: string[];
  /** Sessions that it had, and that have archives now which it did not know; or tombstones that were on record. */
  readonly merged: string[];
  /** Sessions that it had, with all their archives. */
  unchangedCount: number;
  /** Of those that were made: how many have a tombstone. */
  prunedCount: number;
  /** Sessions with archives that hold different things. Each of these can be read as a version. */
  readonly withVersions: string[];
  /** Sessions that had live output in the lost catalogue's store alone, as far as records say. It can't be had back here. */
  readonly liveLost: string[];
  /** Sink keys under which objects are kept that were damaged, and that were made anew. */
  readonly quarantined: string[];
  /** Sessions that can't be made, and why. */
  readonly failures: SessionFailure[];
}

export interface RebuildReport extends Additions {
  /** Id of the store whose archives were taken; `null` if they carry none. */
  readonly storeId: string | null;
  /** Sessions that were taken over from the other catalogue (`from`). */
  readonly copied: readonly string[];
  /** Of those, sessions whose live bytes could not be read to their end: what comes before is there. */
  readonly cut: readonly string[];
  /** Sessions that could not be taken over now, though they may be there whole: try again. */
  readonly notCopied: readonly SessionFailure[];
  /** Other stores whose archives the sink holds. Name one to take them in, too. */
  readonly otherStores: readonly OtherStore[];
  /** Run records that can't be read: tombstones and pins that they tell of are not known. */
  readonly unreadableRecords: readonly string[];
}

export function noAdditions(): Additions {
  return {
    made: [],
    merged: [],
    unchangedCount: 0,
    prunedCount: 0,
    withVersions: [],
    liveLost: [],
    quarantined: [],
    failures: [],
  };
}

export function addTo(report: Additions, added: Additions): void {
  for (const list of ["made", "merged", "withVersions", "liveLost", "quarantined"] as const)
    report[list].push(...added[list]);
  report.failures.push(...added.failures);
  report.unchangedCount += added.unchangedCount;
  report.prunedCount += added.prunedCount;
}

/** What a search has looked at. */
import type { SessionFailure } from "@session-archiver/core";

/** So far; of the whole search once its iteration has ended. */
export interface Coverage {
  /** Sessions that were searched, also in part. */
  readonly sessions: number;
  /** Raw bytes that were looked at. */
  readonly bytes: number;
  /** Sessions that the filter, or the list of ids, left out. */
  readonly filteredOut: number;
  /** Sessions that would have been searched, but were pruned. */
  readonly pruned: number;
  /** Sessions that couldn't be read, or not to their end, and why. */
  readonly unreadable: readonly SessionFailure[];
  /** Sessions that were searched to their end although something of their archives is damaged, and what it is. */
  readonly damaged: readonly SessionFailure[];
  readonly hits: number;
  /** Lines too long to be held, which were searched in windows. See the README for what that can miss. */
  readonly longLines: number;
  /** `false` as long as it goes on, and if `limit`, `perSession` or the consumer ended it early. */
  readonly isComplete: boolean;
}

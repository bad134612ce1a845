/** Counts what a search covers. */
import type { SessionFailure } from "@session-archiver/core";
import type { FileTally } from "./search-file.js";

/** Of one session. */
export interface SessionTally extends FileTally {
  isPruned: boolean;
  /** It was deleted before its turn came. */
  isGone: boolean;
  /** Hits were left out. */
  isCut: boolean;
  failure: SessionFailure | undefined;
  /** Damage that hid none of its bytes. */
  warning: SessionFailure | undefined;
}

export function emptyTally(): SessionTally {
  return {
    bytes: 0,
    longLines: 0,
    isPruned: false,
    isGone: false,
    isCut: false,
    failure: undefined,
    warning: undefined,
  };
}

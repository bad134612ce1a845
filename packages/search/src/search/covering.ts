/** Adds up the coverage of a search, session by session as their turns come. */
import type { SessionFailure } from "@session-archiver/core";
import type { Coverage } from "./coverage.js";
import type { SessionTally } from "./tally.js";

export interface Covering {
  chosen(filteredOut: number, unreadable: readonly SessionFailure[]): void;
  /** This session's turn has come. */
  begin(tally: SessionTally): void;
  /** Its turn is over. */
  end(): void;
  /** Counts a hit; returns how many there are. */
  hit(): number;
  complete(): void;
  now(): Coverage;
}

export function covering(): Covering {
  const total = { sessions: 0, bytes: 0, filteredOut: 0, pruned: 0, longLines: 0, hits: 0 };
  let unreadable: readonly SessionFailure[] = [];
  let damaged: readonly SessionFailure[] = [];
  let turn: SessionTally | undefined;
  let isComplete = false;
  let isCut = false;

  const withTurn = (): typeof total & Pick<Coverage, "unreadable" | "damaged"> => {
    if (!turn) return { ...total, unreadable, damaged };
    const { bytes, longLines, isPruned, isGone, failure, warning } = turn;
    return {
      ...total,
      sessions: total.sessions + (isPruned || isGone || (failure && bytes === 0) ? 0 : 1),
      bytes: total.bytes + bytes,
      longLines: total.longLines + longLines,
      pruned: total.pruned + (isPruned ? 1 : 0),
      unreadable: failure ? [...unreadable, failure] : unreadable,
      damaged: warning && !failure ? [...damaged, warning] : damaged,
    };
  };
  return {
    chosen(filteredOut, failures) {
      total.filteredOut = filteredOut;
      unreadable = failures;
    },
    begin(tally) {
      turn = tally;
    },
    end() {
      const now = withTurn();
      if (turn?.isCut) isCut = true;
      ({ unreadable, damaged } = now);
      Object.assign(total, { sessions: now.sessions, bytes: now.bytes, longLines: now.longLines, pruned: now.pruned });
      turn = undefined;
    },
    hit: () => ++total.hits,
    complete() {
      isComplete = !isCut;
    },
    now: () => ({ ...withTurn(), isComplete }),
  };
}

/** Adds up the coverage of a search, session by session as their turns come. */
import type { SessionFailure } from "@session-archiver/core";
import type { Choosing } from "./choose.js";
import type { Coverage } from "./coverage.js";
import type { SessionTally } from "./tally.js";

export interface Covering extends Choosing {
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
  // Added to, not copied: there may be as many as there are sessions.
  const unreadable: SessionFailure[] = [];
  const damaged: SessionFailure[] = [];
  let turn: SessionTally | undefined;
  let isComplete = false;
  let isCut = false;

  const countsOf = ({ bytes, longLines, isPruned, isGone, failure }: SessionTally): typeof total => ({
    ...total,
    sessions: total.sessions + (isPruned || isGone || (failure && bytes === 0) ? 0 : 1),
    bytes: total.bytes + bytes,
    longLines: total.longLines + longLines,
    pruned: total.pruned + (isPruned ? 1 : 0),
  });
  const failuresOf = ({ failure, warning }: SessionTally): Pick<Coverage, "unreadable" | "damaged"> => ({
    unreadable: failure ? [failure] : [],
    damaged: warning && !failure ? [warning] : [],
  });
  return {
    leftOut() {
      total.filteredOut++;
    },
    unreadable(failure) {
      unreadable.push(failure);
    },
    begin(tally) {
      turn = tally;
    },
    end() {
      if (!turn) return;
      if (turn.isCut) isCut = true;
      Object.assign(total, countsOf(turn));
      const failures = failuresOf(turn);
      unreadable.push(...failures.unreadable);
      damaged.push(...failures.damaged);
      turn = undefined;
    },
    hit: () => ++total.hits,
    complete() {
      isComplete = !isCut;
    },
    now() {
      const failures = turn && failuresOf(turn);
      return {
        ...(turn ? countsOf(turn) : total),
        unreadable: [...unreadable, ...(failures?.unreadable ?? [])],
        damaged: [...damaged, ...(failures?.damaged ?? [])],
        isComplete,
      };
    },
  };
}

/** What `examine` says about one thing that is wrong with a store, or worth knowing. */

/**
 * note: nothing is wrong. warning: every byte can be read, but something may be lost later, or can't be found by its
 * session. damage: something can't be read or found now.
 */
export type Severity = "note" | "warning" | "damage";

/** Names the kind of a finding, for programs. */
export type FindingKind =
  | "catalogue-empty"
  | "catalogue-foreign"
  | "catalogue-set-back"
  | "record-damaged"
  | "object-damaged"
  | "archive-missing"
  | "archive-damaged"
  | "manifest-damaged"
  | "live-damaged"
  | "tombstone-dangling"
  | "unfinished"
  | "sessions-unknown"
  | "archives-unknown"
  | "other-stores"
  | "unexplained"
  | "superfluous"
  | "quarantine"
  | "live-lost";

/**
 * The operation that mends it. rebuild, salvage, settle, gc: as the archiver's methods of these names, the last three
 * for each of the finding's sessions. replace: another catalogue belongs here. `null`: none is needed, or none helps.
 */
export type Remedy = "rebuild" | "replace" | "salvage" | "settle" | "gc" | null;

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** In plain words: what is so, and what follows from it. */
  readonly message: string;
  /** The sessions concerned, at most 100. */
  readonly ids: readonly string[];
  readonly remedy: Remedy;
}

const MOST_IDS = 100;

/** Sessions that have the same thing in common, however many. */
export interface Many {
  add(id: string): void;
  readonly count: number;
  readonly ids: readonly string[];
}

export function many(): Many {
  const ids: string[] = [];
  let count = 0;
  return {
    add(id) {
      count++;
      if (ids.length < MOST_IDS) ids.push(id);
    },
    get count() {
      return count;
    },
    ids,
  };
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

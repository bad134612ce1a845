/** What `search --json` prints. */
import type { SessionFailure, SessionState } from "@session-archiver/core";

/** What `search --json` prints. */
export interface SearchDocument {
  readonly schemaVersion: 1;
  readonly kind: "search";
  /** Words, phrases or patterns. */
  readonly query: readonly string[];
  /** The newest session first, its lines in order. With `-l`, the first of each session; with `-c`, none. */
  readonly hits: readonly FoundLine[];
  /** With `-c`: lines found in each session that has some. */
  readonly counts?: readonly { readonly id: string; readonly lines: number }[];
  readonly searched: SearchedDocument;
}

/** One line that was found. */
export interface FoundLine {
  readonly id: string;
  readonly state: SessionState;
  readonly agent: string | null;
  readonly project: string | null;
  readonly cwd: string | null;
  readonly title: string | null;
  /** `output`, or the name of a sidecar. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Unix ms. */
  readonly time: number | null;
  readonly role: string;
  /** The names that lead to the text in the line's JSON, or the type of block. */
  readonly field: string | null;
  /** `matches`: where terms stand in `text`, from and to. */
  readonly snippet: {
    readonly text: string;
    readonly matches: readonly (readonly [start: number, end: number])[];
    readonly isCutBefore: boolean;
    readonly isCutAfter: boolean;
  };
  readonly before: readonly FoundContext[];
  readonly after: readonly FoundContext[];
}

export interface FoundContext {
  readonly line: number;
  readonly time: number | null;
  readonly role: string;
  readonly text: string;
  readonly isCut: boolean;
}

/** What was covered: numbers of sessions, but for `bytes` (raw), `hits` and `longLines` (lines). */
export interface SearchedDocument {
  readonly sessions: number;
  readonly bytes: number;
  readonly hits: number;
  readonly filteredOut: number;
  readonly pruned: number;
  readonly unreadable: readonly SessionFailure[];
  /** Searched to their end, although something of their archives is damaged. */
  readonly damaged: readonly SessionFailure[];
  readonly longLines: number;
  /** `false`: a limit ended the search. */
  readonly isComplete: boolean;
}

/** What a search finds. */
import type { SessionInfo } from "@session-archiver/core";
import type { Role } from "@session-archiver/transcripts";

/** A part of a text that is shown for the whole. */
export interface Snippet {
  readonly text: string;
  /** Where terms were found in `text`: `[start, end)`, in order, apart from each other. */
  readonly matches: readonly (readonly [start: number, end: number])[];
  /** Whether the text begins earlier, and goes on, than is shown. */
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/** One line of a session. */
export interface Line {
  /** From 1. */
  readonly line: number;
  /** Unix ms; `null` if the line has none. */
  readonly time: number | null;
  readonly role: Role;
}

/** A line beside a hit, with the beginning of what it says. */
export interface ContextLine extends Line {
  readonly text: string;
  readonly isCut: boolean;
}

/** A line that holds every term. All text is the transcript's: it may hold control characters. */
export interface Hit extends Line {
  readonly session: SessionInfo;
  /** `output`, or the name of a sidecar. */
  readonly file: string;
  /**
   * Where the snippet's text stands in the line: the names that lead to it in its JSON (`message.content.0.text`); in a
   * search of prose or tools the type of block (`text`, `call`, `diff`); `null` in a line that isn't JSON.
   */
  readonly field: string | null;
  /** Around the first term that was found; terms beyond it may be in other parts of the line. */
  readonly snippet: Snippet;
  /** As many lines as `context` asked for, as far as the file has them, in order. */
  readonly before: readonly ContextLine[];
  readonly after: readonly ContextLine[];
}

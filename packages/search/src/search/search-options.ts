/** How to search. */
import type { OpOptions } from "@session-archiver/core";
import type { SessionFilter } from "../session-filter.js";
import type { SearchPort } from "../threads/port.js";

/** `smart`: ignores case unless the query holds an upper-case letter. */
export type MatchCase = "smart" | "ignore" | "exact";

/** `prose`: what people and the model said. `tools`: calls, results, output, diffs. */
export type SearchScope = "all" | "prose" | "tools";

export interface SearchOptions extends OpOptions {
  /** Which sessions to search; all by default. */
  readonly filter?: SessionFilter | undefined;
  /** Ids of the sessions to search; those of them that the filter fits, if there is one. An unknown id counts as unreadable. */
  readonly ids?: readonly string[] | undefined;
  /** `smart` by default. */
  readonly matchCase?: MatchCase | undefined;
  /** Terms stand apart: neither beside a letter nor a digit nor `_`, of any script. */
  readonly wholeWords?: boolean | undefined;
  /** `all` by default. */
  readonly in?: SearchScope | undefined;
  /** Hits in all; the work stops there. */
  readonly limit?: number | undefined;
  /** Hits of one session; then the next session is searched. */
  readonly perSession?: number | undefined;
  /** Only the first hit of each session, to name the sessions: what else they hold is not left out then, but not asked for. */
  readonly firstOnly?: boolean | undefined;
  /** Lines before and after each hit; none by default. */
  readonly context?: number | undefined;
  /** Characters of a snippet, about; 160 by default. */
  readonly snippetLength?: number | undefined;
  /**
   * Opens a port to each thread that is to take a share of the work, with `serveSearch` at its other end. Called once, if
   * there is much to read. What a thread that ends cannot finish is searched without it.
   */
  readonly openPorts?: (() => readonly SearchPort[]) | undefined;
}

/** What `list --json` prints. */
import type { SessionInfo } from "@session-archiver/core";
import type { NotedFacts } from "./facts.js";

/**
 * One session in `list --json`: sizes in bytes, times in unix ms. `null`: unknown, or there is none. What no line of the
 * session says is unknown, as is all of it before its facts were extracted.
 */
export interface ListedSession
  extends Pick<
      SessionInfo,
      | "archiveBytes"
      | "archiveKey"
      | "archivedAt"
      | "forgottenAt"
      | "id"
      | "lastActivityMs"
      | "lineCount"
      | "liveBytes"
      | "pinned"
      | "rawBytes"
      | "startedAt"
      | "state"
      | "totalBytes"
      | "undoableUntil"
    >,
    NotedFacts {
  /** A beginning of the id's last part that every command takes for the id; the whole id where there is none. */
  readonly shortId: string;
  /** Whether an agent called it, that of the session with `parentId`. */
  readonly isSubagent: boolean;
  /** How many sessions its agent called. */
  readonly children: number;
}

/** What `list --json` prints. */
export interface ListDocument {
  readonly schemaVersion: 1;
  readonly kind: "list";
  readonly sessions: readonly ListedSession[];
  /** Sessions that fit, and are not among `sessions` of any page. */
  readonly hidden: { readonly empty: number; readonly children: number };
  /** How many sessions there are on all pages together, without subagents' below their callers. */
  readonly total: number;
  /** For `--cursor`, to go on after the last session; `null` if it was the last of all. */
  readonly nextCursor: string | null;
}

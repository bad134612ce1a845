/** What `--json` prints. These types are published, so they know the library only, and none of what is bundled. */
import type { ErrorCode, Meta, SessionFiles, SessionInfo } from "@session-archiver/core";

/** What `list --json` tells of a session: sizes in bytes, times in unix ms. */
export type ListedSession = Pick<
  SessionInfo,
  | "id"
  | "state"
  | "lineCount"
  | "rawBytes"
  | "liveBytes"
  | "archiveBytes"
  | "totalBytes"
  | "lastActivityMs"
  | "archivedAt"
  | "archiveKey"
  | "pinned"
  | "undoableUntil"
>;

/** What `info --json` tells of a session: sizes in bytes, times in unix ms, `null` where there is none. */
export interface SessionDetails extends Omit<SessionInfo, "aliases" | "archiveKey" | "meta">, SessionFiles {
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly meta: Meta;
}

/** The document that `--json` prints for what stopped a command. */
export interface ErrorDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly id?: string; readonly key?: string };
}

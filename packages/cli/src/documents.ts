/**
 * The documents that `--json` prints. These types are published, so they use only the library's types, and none of the
 * bundled packages'.
 */
import type { ErrorCode, Meta, SessionFiles, SessionInfo } from "@session-archiver/core";

/** One session in `list --json`: sizes in bytes, times in unix ms. */
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

/** One session in `info --json`: sizes in bytes, times in unix ms, `null` for no value. */
export interface SessionDetails extends Omit<SessionInfo, "aliases" | "archiveKey" | "meta">, SessionFiles {
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly meta: Meta;
}

/** The document that `--json` prints for an error that stopped a command. */
export interface ErrorDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly id?: string; readonly key?: string };
}

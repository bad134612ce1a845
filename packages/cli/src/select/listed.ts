/** A session as listings give it. */
import type { SessionInfo } from "@session-archiver/core";

/** What a listing says of a session. */
export type Listed = Pick<
  SessionInfo,
  | "aliases"
  | "archiveBytes"
  | "archiveKey"
  | "archivedAt"
  | "facts"
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
>;

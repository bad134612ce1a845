/** What `--json` prints. These types are published, so they know the library only, and none of what is bundled. */
import type { ErrorCode, Meta, SessionInfo } from "@session-archiver/core";

/** What `list --json` tells of a session: sizes in bytes, times in unix ms. */
export type ListedSession = Pick<
  SessionInfo,
  | "id"
  | "state"
  | "lineCount"
  | "rawBytes"
  | "storedBytes"
  | "lastActivityMs"
  | "archivedAt"
  | "archivePath"
  | "pinned"
  | "undoableUntil"
>;

/** What `info --json` tells of a session: sizes in bytes, times in unix ms, `null` where there is none. */
export interface SessionDetails extends Omit<SessionInfo, "archivePath" | "meta"> {
  /** Bytes that live storage holds of it. */
  readonly liveBytes: number;
  /** Bytes that the archive takes up, manifest included. */
  readonly archiveBytes: number;
  readonly startedAt: number | null;
  /** When output came after the archive. */
  readonly resumedAt: number | null;
  /** When its bytes were given up for good. */
  readonly purgedAt: number | null;
  /** Raw bytes of earlier output that were given up for good. */
  readonly lostBytes: number | null;
  readonly live: readonly { readonly name: string; readonly bytes: number }[];
  readonly archive: readonly ArchivedPart[];
  readonly manifest: SinkFile | null;
  /** Older archives that restores were asked to keep. */
  readonly kept: readonly SinkFile[];
  readonly meta: Meta;
}

export interface SinkFile {
  readonly key: string;
  /** `null` if it isn't there. */
  readonly bytes: number | null;
}

export interface ArchivedPart extends SinkFile {
  /** The blob: `output`, or a sidecar. */
  readonly name: string;
  readonly rawBytes: number;
  readonly lineCount: number;
}

/** The document that `--json` prints for what stopped a command. */
export interface ErrorDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly id?: string; readonly key?: string };
}

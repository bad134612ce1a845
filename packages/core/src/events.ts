/** What the archiver tells its host while it works. */
import type { ErrorCode } from "./errors.js";

export type ArchiverEvent =
  /** Work on one session: raw bytes done of those there are. */
  | {
      readonly type: "progress";
      readonly operation: "archive" | "restore" | "verify";
      readonly id: string;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  /** A session was archived; `archiveBytes` are in the sink now, `liveBytesFreed` are gone from the blob store. */
  | {
      readonly type: "archived";
      readonly id: string;
      readonly rawBytes: number;
      readonly archiveBytes: number;
      readonly liveBytesFreed: number;
    }
  | { readonly type: "restored"; readonly id: string; readonly rawBytes: number }
  /** A crashed operation was finished: outdated blobs of this many bytes were deleted. */
  | { readonly type: "settled"; readonly id: string; readonly liveBytesFreed: number }
  /** A sweep left this session alone. */
  | { readonly type: "skipped"; readonly id: string; readonly reason: string }
  /** A tombstone was set: the archive's bytes can still be had back, until this time (unix ms; `null`: no end is set). */
  | {
      readonly type: "pruned";
      readonly id: string;
      readonly reason: string;
      readonly archiveBytes: number;
      readonly undoableUntil: number | null;
    }
  /** The archive's bytes were given up. */
  | { readonly type: "purged"; readonly id: string; readonly archiveBytesFreed: number }
  /** A session was removed for good. */
  | {
      readonly type: "removed";
      readonly id: string;
      readonly liveBytesFreed: number;
      readonly archiveBytesFreed: number;
    }
  /**
   * A session with a tombstone has new output, and is in use again: whole if it was only pruned; of a purged one these raw
   * bytes are lost, and it holds the new output alone.
   */
  | { readonly type: "revived"; readonly id: string; readonly from: "pruned" | "purged"; readonly lostBytes: number }
  /** An archive object that nobody needs was deleted. */
  | { readonly type: "collected"; readonly key: string; readonly archiveBytesFreed: number }
  /** Something failed that did not stop the operation. */
  | {
      readonly type: "warning";
      readonly id?: string | undefined;
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly cause: unknown;
    };

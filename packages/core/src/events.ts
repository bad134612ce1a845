/** The events that the archiver sends to its host while it works. */
import type { ArchiverError, ErrorCode } from "./errors.js";

/** Progress on one session, in raw bytes; when an export copies an archive, in archive bytes. */
export interface Progress {
  readonly id: string;
  /** What is being done to this session, as the call itself or as a part of it. */
  readonly operation: "archive" | "restore" | "verify" | "export";
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Options of operations that may take long. */
export interface ProgressOptions {
  /**
   * Gets the progress of this call, a few times per megabyte, in addition to the events. Several sessions may be in
   * progress at once, so calls for them interleave. Errors that it throws are dropped.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export type ArchiverEvent =
  | ({ readonly type: "progress" } & Progress)
  /** A session was archived: `archiveBytes` are in the sink now, `liveBytesFreed` were deleted from the blob store. */
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
  /** A tombstone was set. It can be taken back until this time (unix ms); `null`: no end is set. */
  | {
      readonly type: "pruned";
      readonly id: string;
      readonly reason: string;
      readonly archiveBytes: number;
      readonly undoableUntil: number | null;
    }
  /** An archive's bytes were deleted for good. */
  | { readonly type: "purged"; readonly id: string; readonly archiveBytesFreed: number }
  /** A session was removed for good. */
  | {
      readonly type: "removed";
      readonly id: string;
      readonly liveBytesFreed: number;
      readonly archiveBytesFreed: number;
    }
  /** A session was forgotten: only a tombstone without content is left. */
  | {
      readonly type: "forgotten";
      readonly id: string;
      readonly liveBytesFreed: number;
      readonly archiveBytesFreed: number;
    }
  /**
   * A session with a tombstone has new output and is in use again. A pruned session is whole; of a purged one these raw
   * bytes are lost, and it holds only the new output.
   */
  | { readonly type: "revived"; readonly id: string; readonly from: "pruned" | "purged"; readonly lostBytes: number }
  /** A superfluous archive object was deleted. */
  | { readonly type: "collected"; readonly key: string; readonly archiveBytesFreed: number }
  /** Something failed that did not stop the operation. */
  | {
      readonly type: "warning";
      readonly id?: string | undefined;
      readonly code: ErrorCode | undefined;
      readonly message: string;
      readonly cause: unknown;
    };

/** Hears of what is wrong with a session, in one read of it, and does not end the read. */
export type OnWarning = (error: ArchiverError) => void;

/** Options of reads that can get past some damage. */
export interface WarningOptions {
  /**
   * Gets the warnings of this read, in addition to the events: a manifest is missing or wrong, or the frame of an archive
   * is damaged. With its `code` and `key` as those of an error. Errors that it throws are dropped.
   */
  readonly onWarning?: OnWarning | undefined;
}

/** Calls a listener and drops its failure, even one that comes later: a listener must not stop an archive half-way. */
export function tell<T>(listener: ((value: T) => unknown) | undefined, value: T): void {
  const told = async (): Promise<unknown> => listener?.(value);
  told().catch(() => undefined);
}

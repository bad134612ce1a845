/** What the archiver tells its host while it works. */
import type { ErrorCode } from "./errors.js";

/** Work on one session: raw bytes done of those there are; of an archive that is copied into an export, its stored bytes. */
export interface Progress {
  readonly id: string;
  /** What is done to this session, by itself or as a part of what was asked for. */
  readonly operation: "archive" | "restore" | "verify" | "export";
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Options of what may take long. */
export interface ProgressOptions {
  /**
   * Is told what this call does, beside the events, some times for each megabyte. Several sessions may be under way at once,
   * and in turns. What it throws is dropped.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export type ArchiverEvent =
  | ({ readonly type: "progress" } & Progress)
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

/** A listener's failure is its own, also if it comes later: it must not undo an archive half-way. */
export function tell<T>(listener: ((value: T) => unknown) | undefined, value: T): void {
  const told = async (): Promise<unknown> => listener?.(value);
  told().catch(() => undefined);
}

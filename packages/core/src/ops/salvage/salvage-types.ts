/** Options and result of `salvage`. */
import type { OpOptions } from "../../ports.js";
import type { LostLines } from "../../session/salvage-notes.js";

export interface SalvageOptions extends OpOptions {
  /** Changes nothing and reports what would be done. */
  readonly dryRun?: boolean | undefined;
}

/**
 * whole: nothing was wrong. manifest: only the manifest was; a new one was made. mended: every byte is back. salvaged:
 * all lines that could be read are back, the others are named. closed: a pruned session's archive is gone, and its
 * tombstone says so now. lost: nothing could be read; nothing was changed, and
 * reading it is still `CORRUPT`.
 */
export type SalvageOutcome = "whole" | "manifest" | "mended" | "salvaged" | "closed" | "lost";

/** Where bytes were found: elsewhere in the sink, in the session's source, or in a live blob. */
export type FoundIn = "sink" | "source" | "live";

export interface SalvagedFile {
  /** Name of the blob; the output is called `output`. */
  readonly name: string;
  /** The earlier output that is meant, counted from 1; `null` for the session's present files. */
  readonly version: number | null;
  readonly outcome: SalvageOutcome;
  /** Where the bytes were found that the archive itself no longer holds. */
  readonly from: readonly FoundIn[];
  /** What was wrong; `null` if nothing was. */
  readonly reason: string | null;
  /** Lines `[from, to)` of the file as it was, counted from 0, that are missing now. */
  readonly lostLines: readonly LostLines[];
  /** Raw bytes that are missing now. */
  readonly lostBytes: number;
  /** Whether `lostLines` are exact. Otherwise they are estimated by what was found beside them. */
  readonly isExact: boolean;
  /** Whether saved lines could not be compared with a checksum, because the manifest was lost as well. */
  readonly unproven: boolean;
}

export interface SalvageResult {
  readonly id: string;
  /** The worst of the files' outcomes. */
  readonly outcome: SalvageOutcome;
  readonly files: readonly SalvagedFile[];
  /** Sink keys under which damaged objects are kept now, or would be after a dry run. */
  readonly quarantined: readonly string[];
  /** Sink keys of damaged objects that could not be moved, for want of room or because the key is too long. */
  readonly leftInPlace: readonly string[];
}

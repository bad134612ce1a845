/** Options and result of `archive`. */
import type { Meta, OpOptions } from "../../ports.js";
import type { Snapshot } from "../../session/snapshot.js";

/** The options that a host may give. */
export interface ArchiveRequest extends OpOptions {
  /** Reads the whole archive, and makes a new manifest if an earlier version noted other times in it. */
  readonly mendTimes?: boolean | undefined;
  /** Merges the parts of each archived file into one archive file. */
  readonly repack?: boolean | undefined;
}

export interface ArchiveOptions extends ArchiveRequest {
  /**
   * Called again before the commit if the metadata has changed meanwhile. If it returns a reason, the archive stops
   * with `CONFLICT`.
   */
  readonly recheck?: ((meta: Meta) => string | undefined) | undefined;
  /**
   * Skips the comparison of bytes that an import took on trust with their source: they are to be archived whatever the
   * source holds now.
   */
  readonly trusting?: boolean | undefined;
  /** The session as it was just seen, certain or not, to save another look. */
  readonly seen?: Snapshot | undefined;
}

export interface ArchiveResult {
  readonly id: string;
  /** empty: there was nothing to archive. unchanged: everything was archived already, and the manifest is there. */
  readonly outcome: "archived" | "empty" | "unchanged";
  /** Raw bytes in the archive. */
  readonly rawBytes: number;
  /** Archive bytes, manifest included. */
  readonly archiveBytes: number;
  /** How many more archive bytes that is than before. */
  readonly archiveBytesAdded: number;
  readonly liveBytesFreed: number;
  /**
   * How much less it takes up on disk now, what was added to the sink counted, in bytes of allocated blocks; negative if it is
   * more. Only if something was archived, and both stores can tell.
   */
  readonly diskBytesFreed?: number;
  /** When the session was last archived, in unix ms. */
  readonly archivedAt: number;
}

/** What an archive takes, and what it tells. */
import type { Meta, OpOptions } from "../../ports.js";
import type { Snapshot } from "../../session/snapshot.js";

/** What a host may ask for. */
export interface ArchiveRequest extends OpOptions {
  /** Reads all that is archived, and makes the manifest anew if an earlier version noted other times in it. */
  readonly mendTimes?: boolean | undefined;
}

export interface ArchiveOptions extends ArchiveRequest {
  /** Asked again before the commit if the metadata has changed meanwhile; a reason makes it stop with `CONFLICT`. */
  readonly recheck?: ((meta: Meta) => string | undefined) | undefined;
  /** What an import has taken on trust is not compared with its source: it is to be in the archive whatever that holds now. */
  readonly trusting?: boolean | undefined;
  /** The session as it was just looked at, proven or not, to save another look. */
  readonly seen?: Snapshot | undefined;
}

export interface ArchiveResult {
  readonly id: string;
  /** empty: there was nothing to archive. unchanged: all was archived already, and the manifest is there. */
  readonly outcome: "archived" | "empty" | "unchanged";
  /** Raw bytes the archive holds. */
  readonly rawBytes: number;
  /** Stored bytes of the archive, manifest included. */
  readonly archiveBytes: number;
  /** How much that is more than before. */
  readonly archiveBytesAdded: number;
  readonly liveBytesFreed: number;
  /** Unix ms. */
  readonly archivedAt: number;
}

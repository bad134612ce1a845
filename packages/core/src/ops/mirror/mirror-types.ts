/** Options and result of `mirror`. */
import type { Json, Meta, OpOptions } from "../../ports.js";
import type { ImportSource } from "../import/import-types.js";

/** One file that lies elsewhere and stays there. */
export interface Original {
  /** `output`, or the name of a sidecar. */
  readonly name: string;
  /** Its bytes must not change while they are read; if they do, the mirror fails, or archives what it has read. */
  readonly source: ImportSource;
}

export interface MirrorOptions extends OpOptions {
  /** Metadata for a new session. */
  readonly meta?: Meta | undefined;
  /** Other ids under which a new session may be asked for. */
  readonly aliases?: readonly string[] | undefined;
  /** Noted as `session:originals`, in the archive's manifest too. */
  readonly originals?: Json | undefined;
  /** Noted as `session:members`, in the manifest too: path, mode and mtime of each file by its name. */
  readonly members?: Json | undefined;
  /** Raw bytes that are done, and their total. */
  readonly onProgress?: ((progress: { readonly bytes: number; readonly totalBytes: number }) => void) | undefined;
}

/**
 * created: it was not archived before. appended: it has grown. unchanged: the archive held exactly these bytes. older:
 * the archive holds these and more. replaced: the output was rewritten; its old bytes are kept as a version. differs: a
 * sidecar was rewritten, and nothing was done about it: mirror it under a new name.
 */
export type MirrorOutcome = "created" | "appended" | "unchanged" | "older" | "replaced" | "differs";

export interface MirroredFile {
  readonly name: string;
  readonly outcome: MirrorOutcome;
  /** What the archive holds of the file now: raw bytes, and their CRC-32. */
  readonly rawBytes: number;
  readonly crc32: number;
}

export interface MirrorResult {
  readonly id: string;
  /**
   * mirrored: every byte of the files is archived and was read back, apart from those that differ. pruned: the session
   * has a tombstone, and the output has not continued since. forgotten: it was forgotten. Then nothing was done, and
   * there are no files.
   */
  readonly outcome: "mirrored" | "pruned" | "forgotten";
  readonly files: readonly MirroredFile[];
  /** How many more archive bytes there are than before. */
  readonly archiveBytesAdded: number;
}

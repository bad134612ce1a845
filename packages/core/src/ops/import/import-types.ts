/** Options and result of `import`. */
import type { Bytes, Meta, OpOptions, StoredObject } from "../../ports.js";

/** A source that can be read in ranges, so that only its new bytes are read. */
export interface ImportSource {
  /** Size in bytes. */
  readonly size: number;
  /**
   * Which source this is, wherever it lies: `<agent>:<native id>` for agents' transcripts. The session's id by default.
   */
  readonly identity?: string | undefined;
  /**
   * Changes whenever the bytes may have changed, such as a file's inode, size and times in nanoseconds. If it equals
   * the version that was imported last, the source is not read at all. Without it, everything is compared each time.
   */
  readonly version?: string | undefined;
  /** Where the source lies, such as a path. Only noted. */
  readonly location?: string | undefined;
  /** Unix ms: the session's last activity, if its lines have no timestamps. */
  readonly lastModifiedMs?: number | undefined;
  /** Exactly the bytes `[start, end)`, or an error. */
  read(range: { readonly start: number; readonly end: number }): Bytes;
}

/**
 * Opens the source of a session, given the metadata that describes it (`session:source`). Resolves to `undefined`, or
 * rejects with `NOT_FOUND`, if the source is gone.
 */
export type OpenSource = (id: string, meta: StoredObject["meta"], op: OpOptions) => Promise<ImportSource | undefined>;

export interface ImportOptions extends OpOptions {
  /** Metadata for a new session. */
  readonly meta?: Meta | undefined;
  /** Other ids under which a new session may be asked for. */
  readonly aliases?: readonly string[] | undefined;
  /**
   * What to do if source and session hold different bytes, and neither continues the other. `replace`, the default: the
   * source takes the place of the output. `leave`: nothing, because it may be another source of the same name; if it
   * holds no more than the session, the session's own source stays noted.
   */
  readonly rewritten?: "replace" | "leave" | undefined;
  /** Gets the raw bytes of the source that are done, and their total if the source has a size. */
  readonly onProgress?:
    | ((progress: { readonly bytes: number; readonly totalBytes: number | undefined }) => void)
    | undefined;
}

/**
 * created: a new session. appended: the source has grown. unchanged: the session holds exactly these bytes. older: it
 * holds these and more. replaced: the source was rewritten; its bytes are the output now, and the old ones are kept as
 * a version. mended: an archive that was missing or damaged was made anew from the source. revived: the session had
 * been purged, and its source has continued. pruned: the session has a tombstone, and its source has not continued
 * since; nothing was done. forgotten: the session was forgotten; nothing was taken in. differs: source and session hold different bytes, and `rewritten` was `leave`; nothing was
 * done.
 */
export type ImportOutcome =
  | "created"
  | "appended"
  | "unchanged"
  | "older"
  | "replaced"
  | "mended"
  | "revived"
  | "pruned"
  | "forgotten"
  | "differs";

export interface ImportResult {
  readonly id: string;
  readonly outcome: ImportOutcome;
  /** Raw bytes that the session holds now. */
  readonly rawBytes: number;
  /** Raw bytes that were written. */
  readonly addedBytes: number;
}

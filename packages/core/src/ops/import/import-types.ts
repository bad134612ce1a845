/** What an import takes, and what it tells. */
import type { Bytes, Meta, OpOptions, StoredObject } from "../../ports.js";

/** A source that can be read here and there, so that only what is new of it is read. */
export interface ImportSource {
  /** Bytes that it holds. */
  readonly size: number;
  /** Which source it is, the same wherever it lies: `<agent>:<native id>` for agents' transcripts. The session's id if not given. */
  readonly identity?: string | undefined;
  /**
   * Changes whenever the bytes may have, such as a file's inode, size and times in nanoseconds: a source of the version that
   * was imported last is not read at all. Without it, all is compared each time.
   */
  readonly version?: string | undefined;
  /** Where it lies, such as a path: only noted. */
  readonly location?: string | undefined;
  /** Unix ms: the session's last activity where its lines tell none. */
  readonly lastModifiedMs?: number | undefined;
  /** Exactly the bytes `[start, end)`, or an error. */
  read(range: { readonly start: number; readonly end: number }): Bytes;
}

/**
 * Opens what a session was imported from, by what its metadata says of that (`session:source`); `undefined`, or `NOT_FOUND`, if
 * it is gone.
 */
export type OpenSource = (id: string, meta: StoredObject["meta"], op: OpOptions) => Promise<ImportSource | undefined>;

export interface ImportOptions extends OpOptions {
  /** Metadata of a session that is new. */
  readonly meta?: Meta | undefined;
  /** Other ids under which a session that is new may be asked for. */
  readonly aliases?: readonly string[] | undefined;
  /**
   * What is to be done where source and session hold different bytes, and neither goes on from the other. `replace`, which is
   * what is done if nothing is given: the source takes their place. `leave`: nothing, as it may be another source of the same name;
   * and where it holds no more than the session, that session's own source stays noted.
   */
  readonly rewritten?: "replace" | "leave" | undefined;
  /** Raw bytes of the source that are done with, and all of them if the source says how many. */
  readonly onProgress?:
    | ((progress: { readonly bytes: number; readonly totalBytes: number | undefined }) => void)
    | undefined;
}

/**
 * created: a new session. appended: the source has grown. unchanged: the session holds just these bytes. older: it holds
 * these and more. replaced: the source was rewritten; its bytes are a new version of the session, the old ones are kept.
 * mended: an archive that was missing or damaged was made anew from the source. revived: the session had been purged, and its
 * source has gone on. pruned: it has a tombstone, and its source has not gone on since: nothing was done. differs: source and
 * session hold different bytes, and were to be left so.
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
  | "differs";

export interface ImportResult {
  readonly id: string;
  readonly outcome: ImportOutcome;
  /** Raw bytes that the session holds now. */
  readonly rawBytes: number;
  /** Raw bytes that were written. */
  readonly addedBytes: number;
}

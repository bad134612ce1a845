/** What is noted in a session's metadata about the files that its agent wrote: the key `session:originals`. */
import type { Json, Meta } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/format";
import type { FileLook } from "./files.js";

/**
 * kept: they lie where the agent wrote them. held: they were taken from there, and wait aside until nobody can write to
 * them any more. freed: they are gone, and the archive has their bytes.
 */
export type OriginalsState = "kept" | "held" | "freed";

export interface Originals {
  /** Name of the `AgentSource`. */
  readonly source: string;
  /** The agent's folder, absolute. */
  readonly home: string;
  readonly nativeId: string;
  /** The unit's id, if the session has another one: an earlier version named it by its path. */
  readonly unit?: string;
  readonly project: string;
  readonly needs: readonly string[];
  readonly state: OriginalsState;
  /** Set while the originals are to stay although everything is archived: `--keep-originals`. */
  readonly keeps?: boolean;
  /** The run that has freed them. */
  readonly run?: Run;
  /** Bytes of disk that freeing them gave back. */
  readonly freedDiskBytes?: number;
  /** By the names that the archive's files have. */
  readonly members: Readonly<Record<string, OriginalMember>>;
  /** The unit's own folders, deepest first. */
  readonly folders: readonly { readonly root: string; readonly path: string; readonly mode: number }[];
  /** Unix ms: when the files were last put back. Sweeps then leave them alone for a while. */
  readonly restoredAt?: number;
  /** Set by the archiver until the archive holds what is noted: what is noted of bytes does not count yet. */
  readonly pending?: boolean;
  /** Set if this was taken over from a manifest: nothing here is to be trusted without asking. */
  readonly rebuilt?: boolean;
}

export interface Run {
  /** 16 hex digits. */
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
  /** In words: `idle for 7 days`. */
  readonly why: string;
}

export interface OriginalMember {
  readonly root: string;
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly mode: number;
  readonly mtimeMs: number;
  /** Raw bytes, and the CRC-32 of all of them. */
  readonly size: number;
  readonly crc32: number;
  /** The look at the file whose bytes these are: see `versionOf`. */
  readonly version: string;
}

/** Changes whenever the file's bytes may have changed. */
export function versionOf({ identity, size, mtimeNs, ctimeNs }: FileLook): string {
  return [identity, size, mtimeNs, ctimeNs].join(":");
}

/** The note as it is stored. */
export function asJson(originals: Originals): Json {
  return JSON.parse(JSON.stringify(originals)) as Json;
}

/** The metadata with this note. */
export function withOriginals(meta: Meta, originals: Originals): Meta {
  return { ...meta, [KEY.originals]: asJson(originals) };
}

/** The manifest beside an archive, for seeking in it and for rebuilding a catalogue. See docs/archive-format.md. */
import type { LineCount } from "../jsonl.js";
import type { Meta } from "../ports.js";
import { slicedCrc32 } from "./crc32.js";
import { HEADER, TRAILER_BYTES, trailer } from "./gzip/frame.js";
import type { Facts, Member, Source } from "./origin.js";

/** A part of an archive file that can be inflated on its own. */
export interface Segment {
  /**
   * Offset and size of its compressed bytes in the archive file, marker included; in all parts laid end to end if there
   * are several.
   */
  readonly archiveOffset: number;
  readonly archiveSize: number;
  /** Offset and size of its raw bytes in the session's file. */
  readonly rawOffset: number;
  readonly rawSize: number;
  /** Number, from 0, of the line that its first byte belongs to. */
  readonly line: number;
  /** CRC-32 of its raw bytes. */
  readonly crc32: number;
  /** First timestamp found in it, unix ms; `null` if none was found. */
  readonly timestamp: number | null;
}

/** One archive file of several. Sizes in bytes; the CRCs are those of its raw bytes, and of the file as stored. */
export interface Part {
  /** Sink key. */
  readonly key: string;
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly crc32: number;
  readonly archiveCrc32: number;
}

/** The index of an archived file. */
export interface FileIndex extends LineCount {
  /** Sink key; that of the first part if there are several. */
  readonly key: string;
  readonly rawBytes: number;
  readonly archiveBytes: number;
  /** CRC-32 of all raw bytes, as in the gzip trailer. */
  readonly crc32: number;
  /** CRC-32 of the file as stored; of all parts laid end to end if there are several. */
  readonly archiveCrc32: number;
  readonly segments: readonly Segment[];
  /** The archive files that it lies in, if there are several. */
  readonly parts?: readonly Part[];
}

/** The manifest's entry for one of the session's files; for a member of a unit, also where it lay. */
export interface ManifestFile extends FileIndex, Member {
  /** Name of the blob. */
  readonly name: string;
  /** Generation and size of the live blob that was archived last; the size is missing in older manifests. */
  readonly generation: string;
  readonly liveBytes?: number | undefined;
}

/** One archive file in the manifest's JSON: its own index, as a scan of it gives, and where it begins in the file. */
export interface StoredPart extends Omit<Part, "archiveBytes" | "archiveCrc32"> {
  readonly storedBytes: number;
  readonly storedCrc32: number;
  readonly segments: readonly unknown[];
  /** Raw bytes, and line ends, before it. */
  readonly rawOffset: number;
  readonly line: number;
}

/** The form in the manifest's JSON: with the archive file's own values, or with parts. */
export interface StoredManifestFile
  extends Omit<ManifestFile, "archiveBytes" | "archiveCrc32" | "segments" | "parts" | "key">,
    Partial<Pick<StoredPart, "key" | "storedCrc32" | "segments">> {
  readonly storedBytes: number;
  readonly parts?: readonly StoredPart[];
  /** How the archive files are compressed; `gzip` if absent. */
  readonly framing?: string;
}

export interface Manifest {
  /** 1: written by version 0.1, without store, source, facts and members. */
  readonly format: 1 | 2;
  /** Id of the session. */
  readonly id: string;
  /** Unix ms. */
  readonly createdAt: number;
  /** When the session was archived, unix ms: earlier if only the manifest, or a damaged file, was made anew. */
  readonly archivedAt?: number | undefined;
  /** Id of the store that made the archive, if it has one. */
  readonly store?: string | undefined;
  readonly source?: Source | undefined;
  readonly facts?: Facts | undefined;
  /** The session's metadata when it was archived, without the parts that have fields of their own here. */
  readonly meta: Meta;
  readonly files: readonly ManifestFile[];
}

export const EMPTY_INDEX: FileIndex = {
  key: "",
  rawBytes: 0,
  archiveBytes: HEADER.length + TRAILER_BYTES,
  crc32: 0,
  archiveCrc32: slicedCrc32(trailer(0, 0), slicedCrc32(HEADER)),
  lines: 0,
  newlines: 0,
  openLine: false,
  segments: [],
};

/** Larger manifests are refused: they would describe terabytes. */
export const MAX_MANIFEST_BYTES: number = 64 * 1024 * 1024;
/** Upper limit of segments per file (about 1 TB). More means hostile input. */
export const MAX_SEGMENTS: number = 1024 * 1024;
/** The columns of a row of `segments`, by their names in the manifest. */
export const COLUMNS: Readonly<Record<string, keyof Segment>> = {
  offset: "archiveOffset",
  size: "archiveSize",
  rawOffset: "rawOffset",
  rawSize: "rawSize",
  line: "line",
  crc32: "crc32",
  timestamp: "timestamp",
};

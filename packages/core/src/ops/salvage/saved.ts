/** Pieces of a damaged file that were found whole. */
import type { FoundIn } from "./salvage-types.js";

/** Raw bytes in a row, at most one segment. */
export interface Saved {
  readonly rawSize: number;
  readonly crc32: number;
  readonly newlines: number;
  /** `undefined`: in the archive itself. */
  readonly from?: FoundIn | undefined;
  /** Whether a checksum of the original bytes proves them. */
  readonly proven: boolean;
  /** The bytes, read and checked again: `CORRUPT` if they are not what was found. */
  read(): Promise<Uint8Array>;
}

/** Pieces that follow one another without a hole. */
export interface Run {
  readonly pieces: readonly Saved[];
  /** Whether it begins with the file's first byte, and ends with its last. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Number of the line that its first byte belongs to, if that is known. */
  readonly line: number | undefined;
}

/** What of a file can be had. */
export interface Found {
  readonly runs: readonly Run[];
  /** How many lines the whole file had, if anything says so. */
  readonly totalLines: number | undefined;
  /** Whether that number is certain. */
  readonly isExact: boolean;
}

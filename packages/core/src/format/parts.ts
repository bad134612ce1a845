/**
 * The archive files that one file of a session lies in, one after the other: usually one, and more where tails were
 * added. Each is a complete archive file, so that all of them together are a gzip file of several members. See ADR 0046.
 */
import { combineCrc32 } from "./crc32.js";
import type { FileIndex, Part, Segment } from "./manifest.js";

/** A part with the places where it begins: in the file, and in all parts laid end to end. */
export interface PlacedPart extends Omit<Part, "archiveCrc32"> {
  readonly rawOffset: number;
  readonly archiveOffset: number;
}

/** More are refused: no writer leaves as many. */
export const MAX_PARTS = 1024;

type Parted = Omit<Part, "archiveCrc32"> & { readonly parts?: readonly Omit<Part, "archiveCrc32">[] | undefined };

/** In order. A file in one archive file is one part. */
export function partsOf({ key, rawBytes, archiveBytes, crc32, parts }: Parted): readonly PlacedPart[] {
  let rawOffset = 0;
  let archiveOffset = 0;
  return (parts ?? [{ key, rawBytes, archiveBytes, crc32 }]).map((part) => {
    const placed = { ...part, rawOffset, archiveOffset };
    rawOffset += part.rawBytes;
    archiveOffset += part.archiveBytes;
    return placed;
  });
}

/** Each archive file that the file lies in: one, if it has no parts. */
export function allParts({ key, rawBytes, archiveBytes, crc32, archiveCrc32, parts }: FileIndex): readonly Part[] {
  return parts ?? [{ key, rawBytes, archiveBytes, crc32, archiveCrc32 }];
}

/** The key of the archive file that a file ends with. No two states of a file share it. */
export function lastKey({ key, parts }: Pick<Parted, "key" | "parts">): string {
  return parts?.at(-1)?.key ?? key;
}

/** How many raw bytes the first parts hold, and their CRC-32. */
export function beginningOf(parts: readonly Omit<Part, "archiveCrc32">[]): Pick<Part, "rawBytes" | "crc32"> {
  return {
    rawBytes: parts.reduce((sum, part) => sum + part.rawBytes, 0),
    crc32: parts.reduce((crc, part) => combineCrc32(crc, part.crc32, part.rawBytes), 0),
  };
}

/** Those of the file's segments that lie in the part. */
export function segmentsOf(segments: readonly Segment[], { archiveOffset, archiveBytes }: PlacedPart): Segment[] {
  return segments.filter((segment) => {
    return segment.archiveOffset >= archiveOffset && segment.archiveOffset < archiveOffset + archiveBytes;
  });
}

/** A segment of a part as one of the whole file, which has `line` line ends before the part. */
export function placedSegment(segment: Segment, part: PlacedPart, line: number): Segment {
  return {
    ...segment,
    archiveOffset: segment.archiveOffset + part.archiveOffset,
    rawOffset: segment.rawOffset + part.rawOffset,
    line: segment.line + line,
  };
}

/** The way back: a segment of the whole file as one of its part. */
export function ownSegment(segment: Segment, part: PlacedPart, line: number): Segment {
  return {
    ...segment,
    archiveOffset: segment.archiveOffset - part.archiveOffset,
    rawOffset: segment.rawOffset - part.rawOffset,
    line: segment.line - line,
  };
}

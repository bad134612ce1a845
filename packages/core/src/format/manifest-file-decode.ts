/** Reads a manifest's entry for one file, in one archive file or in several parts. */

import { isName } from "../adapter/validate.js";
import type { ArchiverError } from "../errors.js";
import { combineCrc32 } from "./crc32.js";
import { HEADER, MAX_SEGMENT_BYTES, MAX_STORED_SEGMENT_BYTES, TRAILER_BYTES } from "./gzip/frame.js";
import { MAX_SEGMENTS, type ManifestFile, type Segment, type StoredManifestFile, type StoredPart } from "./manifest.js";
import { memberIn } from "./origin.js";
import { beginningOf, MAX_PARTS, type PlacedPart, placedSegment } from "./parts.js";

export const NEWER = "which only a newer version of this package can read: update it";

export type Corrupt = (what: string, cause?: unknown) => ArchiverError;

export function decodeFile(file: StoredManifestFile | undefined, corrupt: Corrupt): ManifestFile {
  if (file?.framing !== undefined && file.framing !== "gzip") throw corrupt(`has a file of another framing, ${NEWER}`);
  const counts = [file?.rawBytes, file?.storedBytes, file?.crc32, file?.lines, file?.newlines];
  if (!file || !counts.every(isCount) || ![file.name, file.generation].every(isName)) {
    throw corrupt("has a file without a name, key, generation, size, CRC or line count");
  }
  const { name, generation, liveBytes, rawBytes, storedBytes, crc32, lines, newlines } = file;
  const { parts, segments, archiveCrc32 } = decodeParts(partsIn(file, corrupt), corrupt);
  const [first] = parts;
  const sum = parts.reduce((bytes, part) => bytes + part.archiveBytes, 0);
  const all = beginningOf(parts);
  if (!first || all.rawBytes !== rawBytes || all.crc32 !== crc32 || sum !== storedBytes) {
    throw corrupt("has parts that do not add up to their file");
  }
  return {
    name,
    key: first.key,
    generation,
    ...(isCount(liveBytes) ? { liveBytes } : {}),
    ...memberIn(file),
    rawBytes,
    archiveBytes: storedBytes,
    crc32,
    archiveCrc32,
    lines,
    newlines,
    openLine: file.openLine === true,
    segments,
    ...(file.parts ? { parts: parts.map(({ rawOffset: _, archiveOffset: __, ...part }) => part) } : {}),
  };
}

function partsIn(file: StoredManifestFile, corrupt: Corrupt): readonly StoredPart[] {
  if (file.parts === undefined) return [{ ...(file as StoredManifestFile & StoredPart), rawOffset: 0, line: 0 }];
  if (!Array.isArray(file.parts)) throw corrupt("has a file whose parts are no list");
  if (file.parts.length > MAX_PARTS) throw corrupt(`has a file of more than ${MAX_PARTS} parts`);
  return file.parts;
}

interface Decoded {
  readonly parts: (PlacedPart & { readonly archiveCrc32: number })[];
  readonly segments: Segment[];
  readonly archiveCrc32: number;
}

function decodeParts(stored: readonly StoredPart[], corrupt: Corrupt): Decoded {
  const parts: Decoded["parts"] = [];
  const segments: Segment[] = [];
  let archiveCrc32 = 0;
  let rawOffset = 0;
  let archiveOffset = 0;
  for (const row of stored) {
    const counts = [row?.rawBytes, row?.storedBytes, row?.crc32, row?.storedCrc32, row?.line];
    if (!counts.every(isCount) || !isName(row.key)) throw corrupt("has a file or part without a key, size or CRC");
    if (row.rawOffset !== rawOffset) throw corrupt("has a part that does not follow the one before");
    const { key, rawBytes, storedBytes: archiveBytes, crc32, storedCrc32 } = row;
    const part = { key, rawBytes, archiveBytes, crc32, archiveCrc32: storedCrc32, rawOffset, archiveOffset };
    const own = decodeSegments(row, corrupt);
    if (segments.length + own.length > MAX_SEGMENTS) throw corrupt(`has a file of more than ${MAX_SEGMENTS} segments`);
    for (const segment of own) segments.push(placedSegment(segment, part, row.line));
    parts.push(part);
    archiveCrc32 = combineCrc32(archiveCrc32, storedCrc32, archiveBytes);
    rawOffset += rawBytes;
    archiveOffset += archiveBytes;
  }
  return { parts, segments, archiveCrc32 };
}

/** The segments of one archive file, as a scan of it finds them. */
function decodeSegments({ segments, rawBytes, storedBytes }: StoredPart, corrupt: Corrupt): readonly Segment[] {
  if (!Array.isArray(segments)) throw corrupt("has a file without segments");
  if (segments.length > MAX_SEGMENTS) throw corrupt(`has a file of more than ${MAX_SEGMENTS} segments`);
  let offset = HEADER.length;
  let rawOffset = 0;
  const decoded = segments.map((row, i): Segment => {
    const segment = decodeSegment(row);
    const fits =
      segment !== undefined &&
      segment.archiveOffset === offset &&
      segment.rawOffset === rawOffset &&
      segment.archiveSize <= MAX_STORED_SEGMENT_BYTES &&
      segment.rawSize <= MAX_SEGMENT_BYTES;
    if (!fits) throw corrupt(`has a segment (number ${i}) that does not follow the one before`);
    offset += segment.archiveSize;
    rawOffset += segment.rawSize;
    return segment;
  });
  if (offset + TRAILER_BYTES !== storedBytes || rawOffset !== rawBytes) {
    throw corrupt("has segments that do not add up to their file");
  }
  return decoded;
}

/** A row of `segments`; `undefined` if it is not one. */
export function decodeSegment(row: unknown): Segment | undefined {
  if (!Array.isArray(row) || !row.slice(0, 6).every(isCount) || row.length < 6) return undefined;
  const [offset, size, rawOffset, rawSize, line, crc32, timestamp] = row;
  return {
    archiveOffset: offset,
    archiveSize: size,
    rawOffset,
    rawSize,
    line,
    crc32,
    timestamp: typeof timestamp === "number" ? timestamp : null,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

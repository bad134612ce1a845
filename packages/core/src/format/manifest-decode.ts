/** Reads a manifest of either version and checks everything that a reader relies on. */

import { isName } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import { hasMoreContainers } from "./containers.js";
import { HEADER, MAX_SEGMENT_BYTES, MAX_STORED_SEGMENT_BYTES, TRAILER_BYTES } from "./gzip/frame.js";
import { MAX_SEGMENTS, type Manifest, type ManifestFile, type Segment, type StoredManifestFile } from "./manifest.js";
import { factsIn, memberIn, sourceIn } from "./origin.js";

/** Most arrays and objects in a manifest. */
const MAX_CONTAINERS: number = MAX_SEGMENTS + 100_000;

const NEWER = "which only a newer version of this package can read: update it";

type Corrupt = (what: string, cause?: unknown) => ArchiverError;

/** `CORRUPT` if it can't be a manifest, or if only a newer version of this package can read it. */
export function decodeManifest(bytes: Uint8Array, key: string): Manifest {
  const corrupt: Corrupt = (what, cause) => new ArchiverError("CORRUPT", `Manifest "${key}" ${what}.`, { key, cause });
  if (hasMoreContainers(bytes, MAX_CONTAINERS)) throw corrupt(`holds more than ${MAX_CONTAINERS} arrays and objects`);
  let value: Omit<Manifest, "files"> & { readonly files: readonly LaterFile[] };
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt("is not JSON", cause);
  }
  const { format } = value ?? {};
  if (format !== 1 && format !== 2) {
    throw corrupt(Number.isSafeInteger(format) ? `is of version ${format}, ${NEWER}` : "has no version");
  }
  const shaped =
    isName(value.id) &&
    typeof value.meta === "object" &&
    value.meta !== null &&
    Number.isSafeInteger(value.createdAt) &&
    Array.isArray(value.files);
  if (!shaped) throw corrupt("lacks an id, metadata, a time or files");
  const { store, archivedAt } = value;
  return {
    format,
    id: value.id,
    createdAt: value.createdAt,
    ...(Number.isSafeInteger(archivedAt) ? { archivedAt } : {}),
    ...(typeof store === "string" ? { store } : {}),
    ...present("source", sourceIn(value.source)),
    ...present("facts", factsIn(value.facts)),
    meta: value.meta,
    files: value.files.map((file) => decodeFile(file, corrupt)),
  };
}

function present<K extends string, T>(name: K, value: T | undefined): { readonly [k in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [k in K]: T });
}

/** Fields that version 2 provides for, but that this version does not write yet. */
interface LaterFile extends StoredManifestFile {
  /** How the archive file is compressed; `gzip` if absent. */
  readonly framing?: string;
  /** The archive files that together make up this file, if there are several. */
  readonly parts?: readonly unknown[];
}

function decodeFile(file: LaterFile, corrupt: Corrupt): ManifestFile {
  if (file?.framing !== undefined && file.framing !== "gzip") throw corrupt(`has a file of another framing, ${NEWER}`);
  if (file?.parts !== undefined) throw corrupt(`has a file in several parts, ${NEWER}`);
  const counts = [file?.rawBytes, file?.storedBytes, file?.crc32, file?.storedCrc32, file?.lines, file?.newlines];
  const texts = [file?.name, file?.key, file?.generation];
  if (!counts.every(isCount) || !texts.every(isName)) {
    throw corrupt("has a file without a name, key, generation, size, CRC or line count");
  }
  if (!Array.isArray(file.segments)) throw corrupt("has a file without segments");
  if (file.segments.length > MAX_SEGMENTS) throw corrupt(`has a file of more than ${MAX_SEGMENTS} segments`);
  let offset = HEADER.length;
  let rawOffset = 0;
  const segments = file.segments.map((row, i): Segment => {
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
  if (offset + TRAILER_BYTES !== file.storedBytes || rawOffset !== file.rawBytes) {
    throw corrupt("has segments that do not add up to their file");
  }
  const {
    name,
    key: archive,
    generation,
    liveBytes,
    rawBytes,
    storedBytes,
    crc32,
    storedCrc32,
    lines,
    newlines,
  } = file;
  return {
    name,
    key: archive,
    generation,
    ...(isCount(liveBytes) ? { liveBytes } : {}),
    ...memberIn(file),
    rawBytes,
    archiveBytes: storedBytes,
    crc32,
    archiveCrc32: storedCrc32,
    lines,
    newlines,
    openLine: file.openLine === true,
    segments,
  };
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

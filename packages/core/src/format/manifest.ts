/** The manifest beside an archive: what makes seeking possible. Written as JSON, a line per segment. */
import { ArchiverError } from "../errors.js";
import type { LineCount } from "../jsonl.js";
import type { Bytes, Meta } from "../ports.js";
import { checkedJson, isName } from "../validate.js";
import { crc32 } from "./crc32.js";
import { HEADER, MAX_SEGMENT_BYTES, MAX_STORED_SEGMENT_BYTES, TRAILER_BYTES, trailer } from "./gzip.js";

/** One independently inflatable part of an archive file. */
export interface Segment {
  /** Where its compressed bytes lie in the file, and how many they are, marker included. */
  readonly offset: number;
  readonly size: number;
  /** Where its raw bytes lie in the session's file, and how many they are. */
  readonly rawOffset: number;
  readonly rawSize: number;
  /** Number, from 0, of the line that its first byte belongs to. */
  readonly line: number;
  /** CRC-32 of its raw bytes. */
  readonly crc32: number;
  /** First timestamp seen in it, unix ms. */
  readonly timestamp: number | null;
}

/** What an archive file holds. */
export interface FileIndex extends LineCount {
  readonly key: string;
  readonly rawBytes: number;
  readonly storedBytes: number;
  /** CRC-32 of all raw bytes: the one in the gzip trailer. */
  readonly crc32: number;
  /** CRC-32 of the file as it is stored. */
  readonly storedCrc32: number;
  readonly segments: readonly Segment[];
}

export interface ManifestFile extends FileIndex {
  /** Name of the blob. */
  readonly name: string;
  readonly generation: string;
}

export interface Manifest {
  readonly format: 1;
  readonly id: string;
  /** Unix ms. */
  readonly createdAt: number;
  /** The session's metadata when it was archived. */
  readonly meta: Meta;
  readonly files: readonly ManifestFile[];
}

export const EMPTY_INDEX: FileIndex = {
  key: "",
  rawBytes: 0,
  storedBytes: HEADER.length + TRAILER_BYTES,
  crc32: 0,
  storedCrc32: crc32(trailer(0, 0), crc32(HEADER)),
  lines: 0,
  newlines: 0,
  openLine: false,
  segments: [],
};

const COLUMNS = ["offset", "size", "rawOffset", "rawSize", "line", "crc32", "timestamp"] as const;

/** A larger manifest than this is refused: it would describe terabytes. */
export const MAX_MANIFEST_BYTES: number = 64 * 1024 * 1024;
/** Of more segments no manifest could tell: a TB and more, but for hostile bytes. */
export const MAX_SEGMENTS: number = 1024 * 1024;
/** Arrays and objects: two bytes of text may become a hundred of memory, so they are counted before any is made. */
const MAX_CONTAINERS: number = MAX_SEGMENTS + 100_000;
const LINES_A_CHUNK = 1000;

export async function* encodeManifest(manifest: Manifest): Bytes {
  const encoder = new TextEncoder();
  const { files, ...head } = manifest;
  yield encoder.encode(
    `${checkedJson(head, head.id).slice(0, -1)},"segmentColumns":${JSON.stringify(COLUMNS)},"files":[`,
  );
  for (const [i, { segments, ...file }] of files.entries()) {
    yield encoder.encode(`${i > 0 ? "," : ""}\n${JSON.stringify(file).slice(0, -1)},"segments":[`);
    for (let at = 0; at < segments.length; at += LINES_A_CHUNK) {
      const rows = segments
        .slice(at, at + LINES_A_CHUNK)
        .map((s) => JSON.stringify(COLUMNS.map((column) => s[column])));
      yield encoder.encode(`${at > 0 ? "," : ""}\n${rows.join(",\n")}`);
    }
    yield encoder.encode("\n]}");
  }
  yield encoder.encode("\n]}\n");
}

/** The manifest, checked for everything that a reader relies on; `CORRUPT` if it can't be one. */
export function decodeManifest(bytes: Uint8Array, key: string): Manifest {
  const corrupt = (what: string, cause?: unknown): ArchiverError =>
    new ArchiverError("CORRUPT", `Manifest "${key}" ${what}.`, { key, cause });
  if (containersIn(bytes) > MAX_CONTAINERS) throw corrupt(`holds more than ${MAX_CONTAINERS} arrays and objects`);
  let value: Manifest;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw corrupt("is not JSON", cause);
  }
  if (value?.format !== 1) {
    throw corrupt(`is of format ${typeof value?.format === "number" ? value.format : "unknown"}, not 1`);
  }
  const shaped =
    isName(value.id) &&
    typeof value.meta === "object" &&
    value.meta !== null &&
    Number.isSafeInteger(value.createdAt) &&
    Array.isArray(value.files);
  if (!shaped) throw corrupt("lacks an id, metadata, a time or files");
  return {
    format: 1,
    id: value.id,
    createdAt: value.createdAt,
    meta: value.meta,
    files: value.files.map((file) => decodeFile(file, corrupt)),
  };
}

function decodeFile(file: ManifestFile, corrupt: (what: string) => ArchiverError): ManifestFile {
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
      segment.offset === offset &&
      segment.rawOffset === rawOffset &&
      segment.size <= MAX_STORED_SEGMENT_BYTES &&
      segment.rawSize <= MAX_SEGMENT_BYTES;
    if (!fits) throw corrupt(`has a segment (number ${i}) that does not follow the one before`);
    offset += segment.size;
    rawOffset += segment.rawSize;
    return segment;
  });
  if (offset + TRAILER_BYTES !== file.storedBytes || rawOffset !== file.rawBytes) {
    throw corrupt("has segments that do not add up to their file");
  }
  const { name, key, generation, rawBytes, storedBytes, crc32, storedCrc32, lines, newlines } = file;
  return {
    name,
    key,
    generation,
    rawBytes,
    storedBytes,
    crc32,
    storedCrc32,
    lines,
    newlines,
    openLine: file.openLine === true,
    segments,
  };
}

/** A row of `segments`; `undefined` if it is none. */
export function decodeSegment(row: unknown): Segment | undefined {
  if (!Array.isArray(row) || !row.slice(0, 6).every(isCount) || row.length < 6) return undefined;
  const [offset, size, rawOffset, rawSize, line, crc32, timestamp] = row;
  return { offset, size, rawOffset, rawSize, line, crc32, timestamp: typeof timestamp === "number" ? timestamp : null };
}

/** How many arrays and objects the text opens, those in strings included. */
function containersIn(text: Uint8Array): number {
  // A text that is shorter than this has not that many.
  if (text.length <= MAX_CONTAINERS) return 0;
  let count = 0;
  for (const byte of text) if (byte === 0x5b || byte === 0x7b) count++;
  return count;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

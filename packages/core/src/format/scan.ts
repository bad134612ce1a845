/** Rebuilds an archive file's index from the file alone, by its segment markers. */
import { concat } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { ArchiverError, hasCode } from "../errors.js";
import { firstTimestamp, type LineCount, lineCounter } from "../jsonl.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import { combineCrc32, crc32 } from "./crc32.js";
import {
  checkHeader,
  checkTrailer,
  FINAL_BLOCK,
  HEADER,
  MARKER,
  MAX_SEGMENT_BYTES,
  MAX_STORED_SEGMENT_BYTES,
  TRAILER_BYTES,
} from "./gzip/frame.js";
import { inflateBlocks } from "./gzip/inflate.js";
import { type FileIndex, MAX_SEGMENTS, type Segment } from "./manifest.js";

/**
 * Limit on false markers. An archive stored as a sidecar contains a few; a hostile file could contain endless ones,
 * each costing an inflate.
 */
export const MOST_REJECTED = 1000;
/** The most that a byte of deflate data can become: limits the memory set aside for small segments. */
const MOST_INFLATION = 1032;

/**
 * The index of the archive file under `key`, from its bytes alone. Reads and inflates the whole file, in the memory of
 * one segment. `CORRUPT` if it is not an intact file of format 1. `before`: the count of what the file continues.
 */
export async function scanArchive(
  sink: ArchiveSink,
  codec: Codec,
  key: string,
  op?: OpOptions,
  before?: LineCount,
): Promise<FileIndex> {
  const iterator = sink.read(key, undefined, op)[Symbol.asyncIterator]();
  const lines = lineCounter(before);
  const segments: Segment[] = [];
  let window: Uint8Array = new Uint8Array();
  let offset = HEADER.length;
  let rawBytes = 0;
  let crc = 0;
  let storedCrc = crc32(HEADER);

  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (!next.done) window = concat([window, next.value]);
    return !next.done;
  };
  const add = (size: number, raw: Uint8Array): void => {
    if (segments.length === MAX_SEGMENTS) {
      throw new ArchiverError("CORRUPT", `Archive "${key}" has more than ${MAX_SEGMENTS} segments.`, { key });
    }
    const rawCrc = crc32(raw);
    const timestamp = firstTimestamp(raw) ?? null;
    segments.push({
      archiveOffset: offset,
      archiveSize: size,
      rawOffset: rawBytes,
      rawSize: raw.length,
      line: lines.newlines,
      crc32: rawCrc,
      timestamp,
    });
    lines.add(raw);
    rawBytes += raw.length;
    crc = combineCrc32(crc, rawCrc, raw.length);
    storedCrc = crc32(window.subarray(0, size), storedCrc);
    offset += size;
    window = window.subarray(size);
  };
  try {
    while (window.length < HEADER.length && (await more())) {}
    checkHeader(window, key);
    window = window.slice(HEADER.length);
    for (let searched = 0, rejected = 0; ; ) {
      const marker = indexOfMarker(window, searched);
      const raw = marker === -1 ? undefined : await tryInflate(codec, window.subarray(0, marker), MAX_SEGMENT_BYTES);
      if (raw) {
        add(marker + MARKER.length, raw);
        searched = 0;
        rejected = 0;
      } else if (marker !== -1 && rejected < MOST_REJECTED) {
        searched = marker + 1; // bytes that only look like a marker
        rejected++;
      } else if (marker !== -1 || window.length > MAX_STORED_SEGMENT_BYTES) {
        throw new ArchiverError("CORRUPT", `Archive "${key}" has no segment end after byte ${offset}.`, { key });
      } else {
        searched = Math.max(0, window.length - MARKER.length + 1);
        if (!(await more())) break;
      }
    }
  } finally {
    await iterator.return?.();
  }
  if (window.length !== TRAILER_BYTES || FINAL_BLOCK.some((byte, i) => window[i] !== byte)) {
    throw new ArchiverError("CORRUPT", `Archive "${key}" does not end after its last segment.`, { key });
  }
  checkTrailer(window, crc, rawBytes, key);
  const { newlines, openLine } = lines;
  return {
    key,
    rawBytes,
    archiveBytes: offset + TRAILER_BYTES,
    crc32: crc,
    archiveCrc32: crc32(window, storedCrc),
    lines: lines.lines,
    newlines,
    openLine,
    segments,
  };
}

/** Where the first marker at or after `from` starts; -1 if there is none. */
export function indexOfMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(MARKER[0] as number, from); at !== -1; at = bytes.indexOf(MARKER[0] as number, at + 1)) {
    if (at + MARKER.length > bytes.length) return -1;
    if (MARKER.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** The raw bytes if these are whole blocks that hold at most `maxBytes`, otherwise `undefined`. */
export async function tryInflate(codec: Codec, blocks: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await inflateBlocks(codec, blocks, Math.min(maxBytes, blocks.length * MOST_INFLATION));
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return undefined;
    throw error;
  }
}

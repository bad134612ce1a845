/** Finds an archive file's last segments from its end, by their markers. */
import { toBytes } from "../../bytes.js";
import type { Codec } from "../../codec/codec.js";
import type { ArchiveSink, OpOptions } from "../../ports.js";
import { crc32, crc32OfAll } from "../crc32.js";
import type { Segment } from "../manifest.js";
import type { ReadIndex } from "../reader.js";
import { MOST_REJECTED, tryInflate } from "../scan.js";
import {
  checkHeader,
  checkTrailer,
  HEADER,
  MARKER,
  MAX_SEGMENT_BYTES,
  MAX_STORED_SEGMENT_BYTES,
  TRAILER_BYTES,
} from "./frame.js";

/** Enough for an ordinary segment; doubled until the segment fits. */
const FIRST_LOOK_BACK = 384 * 1024;

/**
 * Extends the index toward the front until it covers raw byte `from`. Each added segment inflates whole. The frame must
 * be the committed one, and so must the CRC if the first segment is reached. `confirm` returns each segment as another
 * source knows it, or `undefined` to reject it. `undefined` if the index can't be extended.
 */
export async function scanEnd(
  sink: ArchiveSink,
  codec: Codec,
  index: ReadIndex,
  from: number,
  confirm: (segment: Segment) => Segment | undefined,
  op?: OpOptions,
): Promise<ReadIndex | undefined> {
  const { key, archiveBytes, rawBytes } = index;
  let found = index;
  if (index.segments.length === 0) {
    const end = await toBytes(sink.read(key, { start: archiveBytes - TRAILER_BYTES, end: archiveBytes + 1 }, op));
    checkTrailer(end, index.crc32, rawBytes, key);
  }
  for (;;) {
    const next = found.segments[0] ?? { archiveOffset: archiveBytes - TRAILER_BYTES, rawOffset: rawBytes };
    if (next.rawOffset <= from) break;
    const before = await segmentBefore(sink, codec, key, next, op);
    const segment = before && confirm(before.segment);
    if (!segment) return undefined;
    found = { ...index, segments: [segment, ...found.segments], firstRaw: before.raw };
  }
  const isWhole = found.segments[0]?.rawOffset === 0;
  const crc = isWhole ? crc32OfAll(found.segments) : index.crc32;
  return crc === index.crc32 ? found : undefined;
}

async function segmentBefore(
  sink: ArchiveSink,
  codec: Codec,
  key: string,
  next: Pick<Segment, "archiveOffset" | "rawOffset">,
  op: OpOptions | undefined,
): Promise<{ readonly segment: Segment; readonly raw: Uint8Array } | undefined> {
  for (let look = FIRST_LOOK_BACK; ; look *= 2) {
    const base = Math.max(0, next.archiveOffset - look);
    const window = await toBytes(sink.read(key, { start: base, end: next.archiveOffset }, op));
    const end = window.length - MARKER.length;
    if (base === 0) checkHeader(window, key);
    if (lastMarker(window, end) !== end) return undefined;
    for (let marker = end, rejected = 0; marker !== -1; rejected++) {
      marker = lastMarker(window, marker - 1);
      if (rejected > MOST_REJECTED) return undefined;
      if (marker === -1 && base > 0) break;
      const start = marker === -1 ? HEADER.length : marker + MARKER.length;
      const raw = await tryInflate(codec, window.subarray(start, end), Math.min(MAX_SEGMENT_BYTES, next.rawOffset));
      const rawOffset = next.rawOffset - (raw?.length ?? 0);
      // Only the first segment starts at raw byte 0.
      if (!raw?.length || (marker === -1) !== (rawOffset === 0)) continue;
      const segment: Segment = {
        archiveOffset: base + start,
        archiveSize: window.length - start,
        rawOffset,
        rawSize: raw.length,
        line: Number.NaN, // unknown
        crc32: crc32(raw),
        timestamp: null,
      };
      return { segment, raw };
    }
    if (base === 0 || look > MAX_STORED_SEGMENT_BYTES) return undefined;
  }
}

/** Start of the last marker that starts at or before `from`; -1 if there is none. */
function lastMarker(bytes: Uint8Array, from: number): number {
  for (let at = from; at >= 0; at--) {
    at = bytes.lastIndexOf(MARKER[0] as number, at);
    if (at === -1 || MARKER.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

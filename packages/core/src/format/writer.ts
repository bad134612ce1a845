/** Makes an archive file: old segments copied as they are, then the new bytes deflated, framed as one gzip member. */
import { concat, release, unshared } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { firstTimestamp, lineCounter, newlinesIn } from "../jsonl.js";
import type { Bytes } from "../ports.js";
import { type Base, continued, rawAnew } from "./continued.js";
import { combineCrc32, crc32 } from "./crc32.js";
import { HEADER, MARKER, SEGMENT_BYTES, TRAILER_BYTES, trailer } from "./gzip/frame.js";
import { EMPTY_INDEX, type FileIndex, type Segment } from "./manifest.js";
import { mapOrdered } from "./map-ordered.js";
import { segmentsOf } from "./segmenter.js";

export interface ArchiveWriter {
  /** The file's sink key. */
  readonly key: string;
  /** The file's bytes, to be read once. */
  readonly bytes: Bytes;
  /** The index of what was written; complete once `bytes` has ended. */
  index(): FileIndex;
  /** How many of the first segments are known to be right: copies of bytes that had the CRC of the earlier files. */
  provenSegments(): number;
}

/**
 * A writer of `raw`, after what `base` holds. Line numbers and counts are those of the whole file that it belongs to.
 * `onRaw` gets the number of raw bytes in each new segment.
 */
export function archiveWriter(
  key: string,
  raw: Bytes,
  codec: Codec,
  base?: Base,
  onRaw: (bytes: number) => void = () => {},
): ArchiveWriter {
  const start = base?.index ?? EMPTY_INDEX;
  const { kept, anew, ...before } = continued(start);
  /** Of all lines: those that the base has are counted. */
  const lines = lineCounter(start);
  const segments: Segment[] = [...kept];
  let { rawBytes, crc32: rawCrc, newlines } = before;
  let archiveBytes = 0;
  let storedCrc = 0;
  let proven = 0;
  /** Arrays of finished segments, to be reused: garbage of this size would pile up faster than it is collected. */
  const spare: Uint8Array[] = [];

  const stored = (bytes: Uint8Array): Uint8Array => {
    storedCrc = crc32(bytes, storedCrc);
    return bytes;
  };
  const deflate = async (segment: Uint8Array): Promise<{ blocks: Uint8Array; raw: Uint8Array }> => ({
    blocks: await codec.deflate(segment),
    raw: segment,
  });
  const add = (blocks: Uint8Array, segment: Uint8Array): void => {
    const crc = crc32(segment);
    const size = blocks.length + MARKER.length;
    segments.push({
      archiveOffset: archiveBytes,
      archiveSize: size,
      rawOffset: rawBytes,
      rawSize: segment.length,
      line: rawBytes < start.rawBytes ? newlines : lines.newlines,
      crc32: crc,
      timestamp: firstTimestamp(segment) ?? null,
    });
    const oldBytes = Math.max(0, start.rawBytes - rawBytes);
    const added = segment.subarray(oldBytes);
    lines.add(added);
    newlines += newlinesIn(segment.subarray(0, oldBytes));
    archiveBytes += size;
    rawBytes += segment.length;
    rawCrc = combineCrc32(rawCrc, crc, segment.length);
    onRaw(added.length);
  };
  async function* bytes(): Bytes {
    /** Held back, so that small chunks go out with large ones: a short session is one chunk. */
    let held = [HEADER];
    archiveBytes = HEADER.length;
    const old: Uint8Array[] = [];
    if (base) {
      const keptEnd = anew[0]?.archiveOffset ?? Number.POSITIVE_INFINITY;
      for await (const chunk of unshared(base.segments)) {
        const copied = chunk.subarray(0, keptEnd - archiveBytes);
        if (copied.length < chunk.length) old.push(chunk.slice(copied.length));
        if (copied.length === 0) continue;
        archiveBytes += copied.length;
        yield stored(concat([...held, copied]));
        held = [];
      }
      proven = base.isProven() ? kept.length : 0;
    }
    const all = rawAnew(codec, base?.index.key ?? key, anew, old, raw);
    const deflated = mapOrdered(segmentsOf(all, SEGMENT_BYTES, spare), deflate, codec.concurrency);
    for await (const { blocks, raw: segment } of deflated) {
      if (held.length > 1) {
        yield stored(concat(held));
        held.forEach(release);
        held = [];
      }
      add(blocks, segment);
      held.push(blocks, MARKER);
      if (segment.buffer.byteLength === SEGMENT_BYTES) spare.push(new Uint8Array(segment.buffer));
    }
    archiveBytes += TRAILER_BYTES;
    yield stored(concat([...held, trailer(rawCrc, rawBytes)]));
  }
  return {
    key,
    bytes: bytes(),
    index: () => ({
      key,
      rawBytes,
      archiveBytes,
      crc32: rawCrc,
      archiveCrc32: storedCrc,
      lines: lines.lines,
      newlines: lines.newlines,
      openLine: lines.openLine,
      segments,
    }),
    provenSegments: () => proven,
  };
}

/** Makes an archive file: old segments copied as they are, then the new bytes deflated, framed as one gzip member. */

import { concat } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { firstTimestamp, lineCounter } from "../jsonl.js";
import type { Bytes } from "../ports.js";
import { combineCrc32, crc32 } from "./crc32.js";
import { HEADER, MARKER, SEGMENT_BYTES, TRAILER_BYTES, trailer } from "./gzip/frame.js";
import { EMPTY_INDEX, type FileIndex, type Segment } from "./manifest.js";
import { mapOrdered } from "./map-ordered.js";
import { segmentsOf } from "./segmenter.js";

export interface ArchiveWriter {
  /** The file's bytes, to be read once. */
  readonly bytes: Bytes;
  /** What was written; complete once `bytes` has ended. */
  index(): FileIndex;
  /** How many of the first segments are known to be right: copies of bytes that had the CRC of the earlier file. */
  provenSegments(): number;
}

/** An earlier archive file to go on from. */
export interface Base {
  readonly index: FileIndex;
  /** Its compressed segments: the file without header and trailer. */
  readonly segments: Bytes;
}

/** A writer of `raw`, after what `base` holds. `onRaw` hears how many raw bytes each new segment took in. */
export function archiveWriter(
  key: string,
  raw: Bytes,
  codec: Codec,
  base?: Base,
  onRaw: (bytes: number) => void = () => {},
): ArchiveWriter {
  const start = base?.index ?? EMPTY_INDEX;
  const lines = lineCounter(start);
  const segments: Segment[] = [...start.segments];
  let { rawBytes, crc32: rawCrc } = start;
  let archiveBytes = 0;
  let storedCrc = 0;
  let proven = 0;
  /** Arrays of segments that are done with: garbage of this size would pile up faster than it is collected. */
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
      line: lines.newlines,
      crc32: crc,
      timestamp: firstTimestamp(segment) ?? null,
    });
    lines.add(segment);
    archiveBytes += size;
    rawBytes += segment.length;
    rawCrc = combineCrc32(rawCrc, crc, segment.length);
    onRaw(segment.length);
  };
  async function* bytes(): Bytes {
    /** Held back, so that the small pieces go out with the large ones: a short session is one chunk. */
    let held = [HEADER];
    archiveBytes = HEADER.length;
    if (base) {
      for await (const chunk of base.segments) {
        archiveBytes += chunk.length;
        yield stored(concat([...held, chunk]));
        held = [];
      }
      const baseCrc = crc32(trailer(start.crc32, start.rawBytes), storedCrc);
      proven = baseCrc === start.archiveCrc32 ? start.segments.length : 0;
    }
    const deflated = mapOrdered(segmentsOf(raw, SEGMENT_BYTES, spare), deflate, codec.concurrency);
    for await (const { blocks, raw: segment } of deflated) {
      if (held.length > 1) {
        yield stored(concat(held));
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

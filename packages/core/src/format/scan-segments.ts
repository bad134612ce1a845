/** Reads an archive file by its index, past what is wrong with the frame around its segments. */
import { release } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { hasCode } from "../errors.js";
import type { ArchiveSink, Bytes, OpOptions } from "../ports.js";
import { exactReader } from "./exact-reader.js";
import { checkHeader, checkTrailer, HEADER, TRAILER_BYTES } from "./gzip/frame.js";
import type { Segment } from "./manifest.js";
import { type PlacedPart, partsOf, segmentsOf } from "./parts.js";
import { inflated, type ReadIndex, rangeOf, rawAtHand, type StoredSegment, segmentsIn, within } from "./reader.js";

/** Hears of a `CORRUPT` that does not end the read. */
export type OnFault = (error: unknown) => void;

/**
 * Raw bytes `[start, end)`, of a whole file too checked only by the CRC of each segment. The frame before the first
 * segment and after the last one is looked at where these are read; a fault in it, which takes no bytes away, goes to
 * `onFault`.
 */
export async function* scanSegments(
  sink: ArchiveSink,
  codec: Codec,
  index: ReadIndex,
  range: { readonly start: number; readonly end: number },
  onFault: OnFault,
  op?: OpOptions,
): Bytes {
  const wanted = segmentsIn(index.segments, range.start, range.end);
  const atHand = rawAtHand(index, wanted, range);
  if (atHand) {
    yield atHand;
    return;
  }
  const stored = segmentsInFrame(sink, index, wanted, onFault, op);
  for await (const { segment, raw } of inflated(codec, stored, op)) {
    yield* within(range, segment, raw);
    release(raw);
  }
}

/** The segments, and the frames beside them, in one continuous read of each part. */
async function* segmentsInFrame(
  sink: ArchiveSink,
  index: ReadIndex,
  segments: readonly Segment[],
  onFault: OnFault,
  op: OpOptions | undefined,
): AsyncGenerator<StoredSegment> {
  for (const part of partsOf(index)) yield* segmentsInPart(sink, part, segmentsOf(segments, part), onFault, op);
}

async function* segmentsInPart(
  sink: ArchiveSink,
  part: PlacedPart,
  segments: readonly Segment[],
  onFault: OnFault,
  op: OpOptions | undefined,
): AsyncGenerator<StoredSegment> {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return;
  const { key, crc32, rawBytes, archiveBytes } = part;
  const { start, end } = rangeOf(part, first, last);
  const hasHeader = start === HEADER.length;
  const hasTrailer = end === archiveBytes - TRAILER_BYTES;
  const range = { start: hasHeader ? 0 : start, end: hasTrailer ? archiveBytes : end };
  const source = exactReader(sink.read(key, range, op), key);
  const look = async (size: number, check: (bytes: Uint8Array) => void): Promise<void> => {
    try {
      check(await source.take(size));
    } catch (error) {
      if (!hasCode(error, "CORRUPT")) throw error;
      onFault(error);
    }
  };
  try {
    if (hasHeader) await look(HEADER.length, (bytes) => checkHeader(bytes, key));
    for (const segment of segments) yield { key, segment, stored: await source.take(segment.archiveSize) };
    if (hasTrailer) await look(TRAILER_BYTES, (bytes) => checkTrailer(bytes, crc32, rawBytes, key));
  } finally {
    await source.close();
  }
}

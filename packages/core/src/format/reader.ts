/**
 * Reads an archive file by its index: only the segments that a range needs, each checked; a whole file is checked to
 * its end.
 */
import { release } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { lineCounter } from "../jsonl.js";
import type { ArchiveSink, ByteRange, Bytes, OpOptions } from "../ports.js";
import { combineCrc32, crc32 } from "./crc32.js";
import { exactReader } from "./exact-reader.js";
import { checkHeader, checkTrailer, HEADER, MARKER, TRAILER_BYTES } from "./gzip/frame.js";
import { inflateInPlace } from "./gzip/inflate.js";
import type { FileIndex, Part, Segment } from "./manifest.js";
import { mapOrdered } from "./map-ordered.js";
import { type PlacedPart, partsOf, segmentsOf } from "./parts.js";

/** What a read needs to know about a file: all of its segments, or its last ones. */
export interface ReadIndex
  extends Pick<FileIndex, "key" | "rawBytes" | "archiveBytes" | "crc32" | "lines" | "segments"> {
  readonly parts?: readonly Omit<Part, "archiveCrc32">[] | undefined;
  /** Raw bytes of the first segment, if they were inflated already. */
  readonly firstRaw?: Uint8Array;
}

/**
 * Raw bytes `[start, end)`. A read of the whole file checks everything: frame, CRCs, length and line count; other reads
 * check the CRC of each segment. `CORRUPT` at the first fault, before any wrong bytes are yielded.
 */
export async function* readArchive(
  sink: ArchiveSink,
  codec: Codec,
  index: ReadIndex,
  range: { readonly start: number; readonly end: number },
  op?: OpOptions,
): Bytes {
  const whole = range.start === 0 && range.end === index.rawBytes;
  const wanted = whole ? index.segments : segmentsIn(index.segments, range.start, range.end);
  const atHand = rawAtHand(index, wanted, range);
  if (atHand) {
    yield atHand;
    return;
  }
  const lines = lineCounter();
  let crc = 0;
  const stored = storedSegments(sink, index, wanted, whole, op);
  for await (const { segment, raw } of inflated(codec, stored, op)) {
    if (whole) {
      lines.add(raw);
      crc = combineCrc32(crc, segment.crc32, raw.length);
    }
    yield* within(range, segment, raw);
  }
  if (whole && (crc !== index.crc32 || lines.lines !== index.lines)) {
    throw corrupt(index.key, `holds other bytes or lines (${lines.lines}) than its manifest says (${index.lines})`);
  }
}

/** The bytes, if they are all in the one segment that was inflated before. */
export function rawAtHand(
  { firstRaw, segments }: ReadIndex,
  wanted: readonly Segment[],
  range: { readonly start: number; readonly end: number },
): Uint8Array | undefined {
  const [first] = wanted;
  if (!firstRaw || !first || first !== segments[0] || wanted.length > 1) return undefined;
  return firstRaw.slice(Math.max(0, range.start - first.rawOffset), range.end - first.rawOffset);
}

export interface RawSegment {
  readonly segment: Segment;
  readonly raw: Uint8Array;
}

/** Several at once, in order. */
export async function* inflated(
  codec: Codec,
  segments: AsyncGenerator<StoredSegment>,
  op: OpOptions | undefined,
): AsyncGenerator<RawSegment> {
  const inflate = async ({ key, segment, stored }: StoredSegment): Promise<RawSegment & { readonly key: string }> => {
    const raw = await inflateSegment(codec, key, segment, stored);
    release(stored);
    return { key, segment, raw };
  };
  for await (const one of mapOrdered(segments, inflate, codec.concurrency)) {
    throwIfAborted(op?.signal, { key: one.key }); // it may have been read long before
    yield one;
  }
}

/** The part of the segment that is in the range. */
export function* within(
  { start, end }: { readonly start: number; readonly end: number },
  { rawOffset }: Segment,
  raw: Uint8Array,
): Generator<Uint8Array> {
  const from = Math.max(0, start - rawOffset);
  const to = Math.min(raw.length, end - rawOffset);
  if (to > from) yield raw.subarray(from, to);
}

export interface StoredSegment {
  /** The archive file that it lies in. */
  readonly key: string;
  readonly segment: Segment;
  /** Its compressed bytes, in an array of their own. */
  readonly stored: Uint8Array;
}

/**
 * The raw bytes of one segment; overwrites its marker. `CORRUPT` unless they are exactly as the index describes them.
 */
export async function inflateSegment(
  codec: Codec,
  key: string,
  segment: Segment,
  stored: Uint8Array,
): Promise<Uint8Array> {
  const tail = stored.length - MARKER.length;
  if (tail < 0 || MARKER.some((byte, i) => stored[tail + i] !== byte)) {
    throw corrupt(key, `has no segment end at byte ${segment.archiveOffset + segment.archiveSize}`);
  }
  let raw: Uint8Array | undefined;
  let cause: unknown;
  try {
    raw = await inflateInPlace(codec, stored, segment.rawSize);
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
    cause = error;
  }
  if (raw?.length === segment.rawSize && crc32(raw) === segment.crc32) return raw;
  throw corrupt(key, `has a damaged segment at byte ${segment.archiveOffset}`, cause);
}

/** The compressed segments, in one continuous read of each part; for a whole file, also checks the frames around them. */
export async function* storedSegments(
  sink: Pick<ArchiveSink, "read">,
  index: ReadIndex,
  segments: readonly Segment[],
  whole: boolean,
  op: OpOptions | undefined,
): AsyncGenerator<StoredSegment> {
  for (const part of partsOf(index)) yield* segmentsInPart(sink, part, segmentsOf(segments, part), whole, op);
}

async function* segmentsInPart(
  sink: Pick<ArchiveSink, "read">,
  part: PlacedPart,
  segments: readonly Segment[],
  whole: boolean,
  op: OpOptions | undefined,
): AsyncGenerator<StoredSegment> {
  const { key } = part;
  const first = segments[0];
  const last = segments.at(-1);
  if (!whole && !(first && last)) return;
  const source = exactReader(
    sink.read(key, whole || !first || !last ? undefined : rangeOf(part, first, last), op),
    key,
  );
  try {
    if (whole) checkHeader(await source.take(HEADER.length), key);
    for (const segment of segments) yield { key, segment, stored: await source.take(segment.archiveSize) };
    if (whole) {
      checkTrailer(await source.take(TRAILER_BYTES), part.crc32, part.rawBytes, key);
      await source.end();
    }
  } finally {
    await source.close();
  }
}

/** Where in the part's own file these segments and those between them lie. */
export function rangeOf({ archiveOffset }: PlacedPart, first: Segment, last: Segment): Required<ByteRange> {
  return { start: first.archiveOffset - archiveOffset, end: last.archiveOffset + last.archiveSize - archiveOffset };
}

export function segmentsIn(segments: readonly Segment[], start: number, end: number): readonly Segment[] {
  if (end <= start) return [];
  const last = findSegment(segments, (segment) => segment.rawOffset < end);
  return segments.slice(
    Math.max(
      0,
      findSegment(segments, (segment) => segment.rawOffset <= start),
    ),
    last + 1,
  );
}

/**
 * Index of the last segment for which `holds` is true, -1 if there is none. `holds` must be true for the first segments
 * and false for all after them.
 */
export function findSegment<T>(segments: readonly T[], holds: (segment: T) => boolean): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle];
    if (segment && holds(segment)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function corrupt(key: string, what: string, cause?: unknown): ArchiverError {
  return new ArchiverError("CORRUPT", `Archive "${key}" ${what}.`, { key, cause });
}

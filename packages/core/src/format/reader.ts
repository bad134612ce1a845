/** Reads an archive file by its index: only the segments a range needs, each checked; the whole file checked to the end. */
import type { Codec } from "../codec/codec.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { lineCounter } from "../jsonl.js";
import type { ArchiveSink, Bytes, OpOptions } from "../ports.js";
import { combineCrc32, crc32 } from "./crc32.js";
import { checkHeader, checkTrailer, HEADER, MARKER, TRAILER_BYTES } from "./gzip/frame.js";
import { inflateInPlace } from "./gzip/inflate.js";
import type { FileIndex, Segment } from "./manifest.js";
import { mapOrdered } from "./map-ordered.js";

/** What a read needs to know of a file: all of its segments, or its last ones. */
export interface ReadIndex
  extends Pick<FileIndex, "key" | "rawBytes" | "archiveBytes" | "crc32" | "lines" | "segments"> {
  /** Raw bytes of the first of the segments, where somebody has them already. */
  readonly firstRaw?: Uint8Array;
}

/**
 * Raw bytes `[start, end)`. Read from the start to the end, everything is checked: frame, CRCs, length and line count;
 * otherwise the CRC of each segment. `CORRUPT` at the first thing that is wrong, before wrong bytes are given out.
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
  const [first] = wanted;
  if (index.firstRaw && first && first === index.segments[0] && wanted.length === 1) {
    yield index.firstRaw.slice(Math.max(0, range.start - first.rawOffset), range.end - first.rawOffset);
    return;
  }
  const inflate = async ({ segment, stored }: StoredSegment): Promise<{ segment: Segment; raw: Uint8Array }> => ({
    segment,
    raw: await inflateSegment(codec, index.key, segment, stored),
  });
  const inflated = mapOrdered(storedSegments(sink, index, wanted, whole, op), inflate, codec.concurrency);
  const lines = lineCounter();
  let crc = 0;
  for await (const { segment, raw } of inflated) {
    throwIfAborted(op?.signal, { key: index.key }); // it may have been read long before
    if (whole) {
      lines.add(raw);
      crc = combineCrc32(crc, segment.crc32, raw.length);
    }
    const from = Math.max(0, range.start - segment.rawOffset);
    const to = Math.min(raw.length, range.end - segment.rawOffset);
    if (to > from) yield raw.subarray(from, to);
  }
  if (whole && (crc !== index.crc32 || lines.lines !== index.lines)) {
    throw corrupt(index.key, `holds other bytes or lines (${lines.lines}) than its manifest says (${index.lines})`);
  }
}

export interface StoredSegment {
  readonly segment: Segment;
  /** Its compressed bytes, in an array of their own. */
  readonly stored: Uint8Array;
}

/** The raw bytes of one segment, whose marker is overwritten; `CORRUPT` unless they are exactly what the index says. */
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

/** The compressed segments, taken off one continuous read; of a whole file the frame around them is checked too. */
export async function* storedSegments(
  sink: Pick<ArchiveSink, "read">,
  index: ReadIndex,
  segments: readonly Segment[],
  whole: boolean,
  op: OpOptions | undefined,
): AsyncGenerator<StoredSegment> {
  const first = segments[0];
  const last = segments.at(-1);
  if (!whole && !(first && last)) return;
  const range =
    whole || !first || !last ? undefined : { start: first.archiveOffset, end: last.archiveOffset + last.archiveSize };
  const source = exactReader(sink.read(index.key, range, op), index.key);
  try {
    if (whole) checkHeader(await source.take(HEADER.length), index.key);
    for (const segment of segments) yield { segment, stored: await source.take(segment.archiveSize) };
    if (whole) {
      checkTrailer(await source.take(TRAILER_BYTES), index.crc32, index.rawBytes, index.key);
      await source.end();
    }
  } finally {
    await source.close();
  }
}

/** Takes exact counts of bytes off a stream. */
function exactReader(
  bytes: Bytes,
  key: string,
): { take(count: number): Promise<Uint8Array>; end(): Promise<void>; close(): Promise<void> } {
  const iterator = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  return {
    async take(count) {
      const taken = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        if (rest.length === 0) {
          const next = await iterator.next();
          if (next.done) throw corrupt(key, `ends ${count - filled} bytes too early`);
          rest = next.value;
        }
        const part = rest.subarray(0, count - filled);
        taken.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
      }
      return taken;
    },
    async end() {
      for (
        let next = { done: false, value: rest } as IteratorResult<Uint8Array>;
        !next.done;
        next = await iterator.next()
      ) {
        if (next.value.length > 0) throw corrupt(key, "goes on after its end");
      }
    },
    async close() {
      await iterator.return?.();
    },
  };
}

function segmentsIn(segments: readonly Segment[], start: number, end: number): readonly Segment[] {
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

/** Index of the last segment for which `holds` is true, given that it is true for a first part of them; -1 if for none. */
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

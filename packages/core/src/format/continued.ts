/** What an archive that goes on takes over from the one before: segments as they are, and small last ones made anew. */
import { concat } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import type { ArchiveSink, Bytes, OpOptions } from "../ports.js";
import { crc32, crc32OfAll } from "./crc32.js";
import { HEADER, TRAILER_BYTES } from "./gzip/frame.js";
import type { FileIndex, Segment } from "./manifest.js";
import { allParts, partsOf, segmentsOf } from "./parts.js";
import { inflateSegment } from "./reader.js";

/** The end of an earlier archived file, to continue it in a new archive file: its last part, or several, or all. */
export interface Base {
  /** What is continued, as if it were one archive file. Its line counts are those of the whole file. */
  readonly index: FileIndex;
  /** Its compressed segments, without the frames around them. To be read once. */
  readonly segments: Bytes;
  /** Whether every part had its CRC; known once `segments` has ended. */
  isProven(): boolean;
}

/** Else each added line would leave a segment, and reading the last lines would take a read for each. */
const SMALL_BYTES = 256 * 1024;
/** Raw bytes that are made anew at once: they are held. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface Continued {
  readonly kept: readonly Segment[];
  readonly anew: readonly Segment[];
  /** Of what is kept: raw bytes, their CRC, and line ends up to there. */
  readonly rawBytes: number;
  readonly crc32: number;
  readonly newlines: number;
}

export function continued({ segments, rawBytes, crc32, newlines }: FileIndex): Continued {
  let at = segments.length;
  for (let size = 0; at > 0; at--) {
    const { rawSize } = segments[at - 1] as Segment;
    size += rawSize;
    if (rawSize >= SMALL_BYTES || size > MOST_BYTES) break;
  }
  const [kept, anew] = [segments.slice(0, at), segments.slice(at)];
  const [first] = anew;
  if (!first) return { kept, anew, rawBytes, crc32, newlines };
  return { kept, anew, rawBytes: first.rawOffset, crc32: crc32OfAll(kept), newlines: first.line };
}

/** The parts of the file from number `from` on, as one archive file. */
export function baseOf(sink: Pick<ArchiveSink, "read">, index: FileIndex, from: number, op?: OpOptions): Base {
  const parts = partsOf(index).slice(from);
  const [first] = parts;
  const rawOffset = first?.rawOffset ?? index.rawBytes;
  let archiveOffset = HEADER.length;
  const segments = parts.flatMap((part) =>
    segmentsOf(index.segments, part).map((segment): Segment => {
      const moved = { ...segment, rawOffset: segment.rawOffset - rawOffset, archiveOffset };
      archiveOffset += segment.archiveSize;
      return moved;
    }),
  );
  let differs = false;
  async function* stored(): Bytes {
    for (const { key, archiveBytes, archiveCrc32 } of allParts(index).slice(from)) {
      let at = 0;
      let crc = 0;
      for await (const chunk of sink.read(key, undefined, op)) {
        crc = crc32(chunk, crc);
        const start = Math.max(0, HEADER.length - at);
        const end = Math.max(start, Math.min(chunk.length, archiveBytes - TRAILER_BYTES - at));
        at += chunk.length;
        if (end > start) yield chunk.subarray(start, end);
      }
      differs ||= at !== archiveBytes || crc !== archiveCrc32;
    }
  }
  const { lines, newlines, openLine } = index;
  return {
    index: {
      ...{ key: first?.key ?? index.key, lines, newlines, openLine, segments },
      rawBytes: index.rawBytes - rawOffset,
      archiveBytes: archiveOffset + TRAILER_BYTES,
      crc32: crc32OfAll(segments),
      archiveCrc32: Number.NaN, // nobody has written it as one file
    },
    segments: stored(),
    isProven: () => !differs,
  };
}

/** The raw bytes of segments that were stored one after the other in `stored`, each checked, and then `more`. */
export async function* rawAnew(
  codec: Codec,
  key: string,
  segments: readonly Segment[],
  stored: readonly Uint8Array[],
  more: Bytes,
): Bytes {
  const all = concat(stored);
  const start = segments[0]?.archiveOffset ?? 0;
  for (const segment of segments) {
    const from = segment.archiveOffset - start;
    yield await inflateSegment(codec, key, segment, all.subarray(from, from + segment.archiveSize));
  }
  yield* more;
}

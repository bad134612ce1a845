/** What an archive that goes on takes over from the one before: segments as they are, and small last ones made anew. */
import { concat } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import type { Bytes } from "../ports.js";
import { combineCrc32 } from "./crc32.js";
import type { FileIndex, Segment } from "./manifest.js";
import { inflateSegment } from "./reader.js";

/** An earlier archive file to continue. */
export interface Base {
  readonly index: FileIndex;
  /** Its compressed segments: the file without header and trailer. */
  readonly segments: Bytes;
}

/** Else each added line would leave a segment, and reading the last lines would take a read for each. */
const SMALL_BYTES = 256 * 1024;
/** Raw bytes that are made anew at once: they are held. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface Continued {
  readonly kept: readonly Segment[];
  readonly anew: readonly Segment[];
  /** Of what is kept: raw bytes, their CRC, and line ends. */
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
  const crc = kept.reduce((sum, segment) => combineCrc32(sum, segment.crc32, segment.rawSize), 0);
  return { kept, anew, rawBytes: first.rawOffset, crc32: crc, newlines: first.line };
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

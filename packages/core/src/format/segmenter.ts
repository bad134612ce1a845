/** Cuts raw bytes into segments: whole lines as far as they fit, an over-long line wherever the segment is full. */
import { withRoom } from "../bytes.js";
import { searchable } from "../node-buffer.js";
import type { Bytes } from "../ports.js";
import { SEGMENT_BYTES } from "./gzip/frame.js";

const NEWLINE = 10;

/**
 * Non-empty segments of at most `limit` bytes, the same however the input is chunked. The stream may use its chunks again. Full
 * segments are made in arrays taken from `spare`, if it has any; a consumer that is done with a segment may put its array
 * back there.
 */
export async function* segmentsOf(
  bytes: Bytes,
  limit: number = SEGMENT_BYTES,
  spare: Uint8Array[] = [],
): AsyncGenerator<Uint8Array> {
  // Most sessions are much shorter than a segment, so the first array begins as short as the first chunk, and grows.
  let segment: Uint8Array = new Uint8Array(0);
  let size = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + limit - size);
      const needed = size + part.length;
      segment = withRoom(segment, size, needed, limit);
      segment.set(part, size);
      size = needed;
      at += part.length;
      if (size < limit) continue;
      const cut = searchable(segment).lastIndexOf(NEWLINE) + 1 || limit;
      const full = segment.subarray(0, cut);
      const rest = segment.subarray(cut);
      segment = spare.pop() ?? new Uint8Array(limit);
      segment.set(rest);
      size = rest.length;
      yield full;
    }
  }
  if (size > 0) yield segment.subarray(0, size);
}

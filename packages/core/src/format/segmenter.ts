/** Cuts raw bytes into segments: whole lines as far as they fit, an over-long line wherever the segment is full. */
import { concat, fill } from "../bytes.js";
import type { Bytes } from "../ports.js";
import { SEGMENT_BYTES } from "./gzip/frame.js";

const NEWLINE = 10;

/**
 * Non-empty segments of at most `limit` bytes, the same however the input is chunked. Chunks are kept until their bytes are
 * given out. Full segments lie in arrays out of `spare`, if it has any: who is done with one may put it back there.
 */
export async function* segmentsOf(
  bytes: Bytes,
  limit: number = SEGMENT_BYTES,
  spare: Uint8Array[] = [],
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    let rest = chunk;
    while (size + rest.length >= limit) {
      const room = limit - size;
      const full = fill(spare.pop() ?? new Uint8Array(limit), [...parts, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      const cut = full.lastIndexOf(NEWLINE) + 1 || limit;
      parts = [full.slice(cut)];
      size = limit - cut;
      yield full.subarray(0, cut);
    }
    parts.push(rest);
    size += rest.length;
  }
  if (size > 0) yield concat(parts);
}

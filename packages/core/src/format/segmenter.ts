/** Cuts raw bytes into segments: whole lines as far as they fit, an over-long line wherever the segment is full. */
import type { Bytes } from "../ports.js";
import { SEGMENT_BYTES } from "./gzip.js";

const NEWLINE = 10;

/** Non-empty segments of at most `limit` bytes, the same however the input is chunked. Each is a fresh array. */
export async function* segmentsOf(bytes: Bytes, limit: number = SEGMENT_BYTES): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(limit);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + limit - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < limit) continue;
      const cut = buffer.lastIndexOf(NEWLINE) + 1 || limit;
      const rest = buffer.subarray(cut);
      const next = new Uint8Array(limit);
      next.set(rest);
      yield buffer.subarray(0, cut);
      buffer = next;
      filled = rest.length;
    }
  }
  if (filled > 0) yield buffer.slice(0, filled);
}

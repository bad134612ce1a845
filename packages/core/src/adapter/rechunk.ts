/** A stream of chunks of any size, as rows of one size. */
import { withRoom } from "../bytes.js";
import type { Bytes } from "../ports.js";

/**
 * Cuts a stream into arrays of exactly `size` bytes; the last may be shorter. Each is a fresh array with a buffer of its
 * own and of its size, since the stream may use its chunks again, and some stores keep the whole buffer behind a view.
 */
export async function* rechunk(bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  let row: Uint8Array = new Uint8Array(0);
  let filled = 0;
  // Most streams are much shorter than a row, so the first row begins as short as its first chunk, and grows. Later rows are whole at once.
  let leastBytes = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      const needed = filled + part.length;
      row = withRoom(row, filled, Math.max(needed, leastBytes), size);
      row.set(part, filled);
      filled = needed;
      at += part.length;
      if (filled < size) continue;
      yield row;
      row = new Uint8Array(0);
      filled = 0;
      leastBytes = size;
    }
  }
  if (filled > 0) yield filled === row.length ? row : row.slice(0, filled);
}

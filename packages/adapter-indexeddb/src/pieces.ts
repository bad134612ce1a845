/** A body of chunks of any size, as pieces of one size. */
import { ArchiverError, type Bytes, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./database.js";

/**
 * Cuts a body into pieces of exactly `size` bytes (the last may be shorter). Each has a buffer of its own and of its size:
 * of a view, IndexedDB would copy the whole buffer behind it.
 */
export async function* piecesOf(body: Bytes, size: number, call: Call): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of body) {
    throwIfAborted(call.signal, call);
    checkBytes(chunk);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield piece;
      piece = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
}

/** `INVALID_ARGUMENT` unless they are bytes: anything else would be stored as what it is, a transferred array as nothing. */
export function checkBytes(value: unknown): asserts value is Uint8Array {
  const isBytes = value instanceof Uint8Array;
  if (isBytes && !("detached" in value.buffer && value.buffer.detached)) return;
  const what = isBytes ? "one that was transferred elsewhere" : typeof value;
  throw new ArchiverError("INVALID_ARGUMENT", `Bytes must come as a Uint8Array, not as ${what}.`);
}

/** A body of chunks of any size, as rows of one size. */
import { ArchiverError, type Bytes, concat, throwIfAborted } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";

/** Cuts a body into pieces of exactly `size` bytes (the last may be shorter), each a fresh array. */
export async function* piecesOf(body: Bytes, size: number, call: Call): AsyncGenerator<Uint8Array> {
  // Copies, as a body may use its chunk again; of their own length, as most bodies are much shorter than a piece.
  let parts: Uint8Array[] = [];
  let filled = 0;
  for await (const chunk of body) {
    throwIfAborted(call.signal, call);
    checkBytes(chunk);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.slice(at, at + size - filled);
      parts.push(part);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield joined(parts);
      parts = [];
      filled = 0;
    }
  }
  if (filled > 0) yield joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts[0] && parts.length === 1 ? parts[0] : concat(parts);
}

/** `INVALID_ARGUMENT` unless it is a `Uint8Array`: text would be stored as text, numbers as zeros. */
export function checkBytes(value: unknown): asserts value is Uint8Array {
  if (value instanceof Uint8Array) return;
  throw new ArchiverError("INVALID_ARGUMENT", `Bytes must come as a Uint8Array, not as ${typeof value}.`);
}

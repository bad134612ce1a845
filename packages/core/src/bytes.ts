/** Small tools for byte streams. */
import type { Bytes } from "./ports.js";

/** Joins arrays into one. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only) return only;
  return fill(new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0)), chunks);
}

/** The array if it has room for `needed` bytes, otherwise one of at least twice its size and at most `most`, with the same first bytes. */
export function withRoom(bytes: Uint8Array, filled: number, needed: number, most: number): Uint8Array {
  if (needed <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.min(most, Math.max(needed, bytes.length * 2)));
  larger.set(bytes.subarray(0, filled));
  return larger;
}

/** Writes the chunks into `whole`, one after the other, and returns it. */
export function fill(whole: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Reads a whole stream into memory: only for small data and tests. A single chunk is returned as it is, without a copy.
 */
export async function toBytes(bytes: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return concat(chunks);
}

/** A stream of bytes that are in memory already. */
export async function* bytesOf(...chunks: readonly Uint8Array[]): Bytes {
  for (const chunk of chunks) yield chunk;
}

/** Whether two arrays hold the same bytes. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const isAligned = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0;
  const words = isAligned ? a.length >> 2 : 0;
  const [left, right] = [
    new Int32Array(a.buffer, isAligned ? a.byteOffset : 0, words),
    new Int32Array(b.buffer, isAligned ? b.byteOffset : 0, words),
  ];
  for (let i = 0; i < words; i++) if (left[i] !== right[i]) return false;
  for (let i = words * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two streams give the same bytes, however they are cut. Closes both. */
export async function areEqual(first: Bytes, second: Bytes): Promise<boolean> {
  const others = second[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  try {
    for await (const chunk of first) {
      for (let at = 0; at < chunk.length; ) {
        if (rest.length === 0) {
          const next = await others.next();
          if (next.done) return false;
          rest = next.value;
        }
        const size = Math.min(rest.length, chunk.length - at);
        if (!isSame(chunk.subarray(at, at + size), rest.subarray(0, size))) return false;
        at += size;
        rest = rest.subarray(size);
      }
    }
    while (rest.length === 0) {
      const next = await others.next();
      if (next.done) return true;
      rest = next.value;
    }
    return false;
  } finally {
    await others.return?.();
  }
}

/** The bytes `[start, end)` of a stream. */
export async function* sliceOf(bytes: Bytes, { start, end }: { readonly start: number; readonly end: number }): Bytes {
  let at = 0;
  if (start >= end) return;
  for await (const chunk of bytes) {
    const part = chunk.subarray(Math.max(0, start - at), end - at);
    at += chunk.length; // before the reader has it, who may transfer its buffer
    if (part.length > 0) yield part;
    if (at >= end) return;
  }
}

/** Recognises arrays of any realm: a host's may come from another window or context. */
export function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** The same bytes in arrays that share no buffer. A store may give a long part of a buffer, and then its short rest. */
export async function* unshared(bytes: Bytes): Bytes {
  for await (const chunk of bytes) yield chunk.buffer.byteLength > chunk.length ? new Uint8Array(chunk) : chunk;
}

/**
 * The same stream, for a consumer that is done with a chunk when it asks for the next: the chunk's memory is then given back. Nobody
 * else may use it.
 */
export async function* releasing(bytes: Bytes): Bytes {
  for await (const chunk of bytes) {
    yield chunk;
    release(chunk);
  }
}

/** From this size on, memory that waits for the garbage collector costs more than giving it back. */
const LARGE = 16 * 1024;

/**
 * Gives the memory of an array back at once, which leaves it empty. Only for an array that nobody else uses; one that is
 * small, or a part of a larger buffer, stays as it is.
 */
export function release({ buffer, length }: Uint8Array): void {
  if (length < LARGE || buffer.byteLength > length + 64 || !(buffer instanceof ArrayBuffer)) return;
  // Older platforms lack it.
  (buffer as { transfer?(size: number): ArrayBuffer }).transfer?.(0);
}

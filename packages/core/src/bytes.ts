/** Small tools on byte streams. */
import type { Bytes } from "./ports.js";

/** One array out of many. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only) return only;
  return fill(new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0)), chunks);
}

/** `whole`, with the chunks written into it one after the other. */
export function fill(whole: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Everything in memory: for small things and tests only. Keeps the chunks it is given, without a copy. */
export async function toBytes(bytes: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return concat(chunks);
}

/** A stream of what is in memory already. */
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

/** The bytes `[start, end)` of a stream. */
export async function* sliceOf(bytes: Bytes, { start, end }: { readonly start: number; readonly end: number }): Bytes {
  let at = 0;
  if (start >= end) return;
  for await (const chunk of bytes) {
    const from = Math.max(0, start - at);
    if (from < chunk.length) yield chunk.subarray(from, end - at);
    at += chunk.length;
    if (at >= end) return;
  }
}

/** Of any realm: a host's arrays may come from another window or context. */
export function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** Bytes to store: the same in every run. */
import { concat, toBytes } from "@session-archiver/core/adapter";

export { concat, toBytes };

export const KIB: number = 1024;
export const MIB: number = 1024 * 1024;

/** Larger than any buffer or message limit an adapter is likely to meet, and of an odd length. */
export const LARGE: number = 8 * MIB + 3;

/** Incompressible bytes, determined by size and seed (xorshift32). */
export function noise(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

const encoder = new TextEncoder();

export function text(value: string): Uint8Array {
  return encoder.encode(value);
}

/** Numbers from 0 up to `n`, for things made in a row. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index);
}

/** Lets everything else that is ready run first, including timers and the platform's input. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** All of a stream's items. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Changes of bytes, and how many of them a bounded run takes. */
import { FUZZ } from "../../fuzz.js";

export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** Every so manieth of `count` cases, for about `most` in a bounded run: a prime, so that all bits of a byte have their turn. */
export function strideFor(count: number, most: number): number {
  const wanted = Math.ceil(count / (most * FUZZ));
  return wanted <= 1 ? 1 : (PRIMES.find((prime) => prime >= wanted) ?? wanted);
}

const PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 127];

/** Sets of sink keys in little memory: of very many keys, 8 bytes for each; or 8 bytes in all, to be compared. */
import { crc32 } from "../../format/crc32.js";

export interface KeySet {
  add(key: string): void;
  /**
   * `false`: certainly not in the set. `true`: in the set, or, for about one pair in 10^15, another key with the same
   * hash.
   */
  mayHave(key: string): boolean;
}

export function keySet(): KeySet {
  let hashes = new Float64Array(1024);
  let count = 0;
  let isSorted = true;
  return {
    add(key) {
      if (count === hashes.length) {
        const larger = new Float64Array(count * 2);
        larger.set(hashes);
        hashes = larger;
      }
      hashes[count++] = hashOf(key);
      isSorted = false;
    },
    mayHave(key) {
      if (!isSorted) hashes.subarray(0, count).sort();
      isSorted = true;
      const wanted = hashOf(key);
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((hashes[middle] ?? 0) < wanted) low = middle + 1;
        else high = middle;
      }
      return low < count && hashes[low] === wanted;
    },
  };
}

/**
 * The sum for a set of keys and one more, in any order; 0 for none. Two sets that differ have the same for about one pair in 10^15.
 */
export function withKey(sum: number, key: string): number {
  return (sum + hashOf(key)) % 2 ** 52;
}

const encoder = new TextEncoder();

/** 52 bits: a CRC-32, and twenty bits of another hash (FNV-1a). */
function hashOf(key: string): number {
  const bytes = encoder.encode(key);
  let other = 0x811c9dc5;
  for (const byte of bytes) other = Math.imul(other ^ byte, 0x01000193);
  return crc32(bytes) * 2 ** 20 + ((other >>> 0) >>> 12);
}

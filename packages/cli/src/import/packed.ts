/**
 * Values of which a hundred thousand are held, each under a name, in little more than the bytes of their JSON. As objects they take several
 * times as much, and V8 leaves room for garbage in proportion.
 */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

export interface Packed<Value> {
  /** A value that JSON can hold. */
  add(name: string, value: Value): void;
  /** The values under this name, in the order in which they were added. */
  under(name: string): readonly Value[];
}

/** This many texts lie in one buffer, and are held as they are until then. */
const TEXTS_IN_BLOCK = 256;
/** A hash and a number of a text are one number, by which they are sorted. Of names with the same hash, the texts say which it is. */
const HASH_BITS = 24;
const NUMBERS = 2 ** (53 - HASH_BITS);

interface Block {
  readonly bytes: Buffer;
  /** Where each text begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

export function packed<Value>(): Packed<Value> {
  const blocks: Block[] = [];
  let open: string[] = [];
  let places = new Float64Array(1024);
  let count = 0;
  let isSorted = true;

  const textAt = (number: number): string => {
    const at = number % TEXTS_IN_BLOCK;
    const block = blocks[(number - at) / TEXTS_IN_BLOCK];
    return block ? block.bytes.toString("utf8", block.starts[at], block.starts[at + 1]) : (open[at] ?? "");
  };
  return {
    add(name, value) {
      if (count === places.length) {
        const larger = new Float64Array(count * 2);
        larger.set(places);
        places = larger;
      }
      places[count] = hashOf(name) * NUMBERS + count;
      count++;
      isSorted = false;
      if (open.push(JSON.stringify([name, value])) < TEXTS_IN_BLOCK) return;
      blocks.push(blockOf(open));
      open = [];
    },
    under(name) {
      if (!isSorted) places.subarray(0, count).sort();
      isSorted = true;
      const hash = hashOf(name);
      const found: Value[] = [];
      for (let i = firstFrom(places, count, hash * NUMBERS); i < count; i++) {
        const place = places[i] ?? 0;
        if (Math.floor(place / NUMBERS) !== hash) break;
        const [itsName, value] = JSON.parse(textAt(place % NUMBERS)) as [string, Value];
        if (itsName === name) found.push(value);
      }
      return found;
    },
  };
}

function hashOf(name: string): number {
  return crc32(name) >>> (32 - HASH_BITS);
}

function blockOf(texts: readonly string[]): Block {
  const starts = new Uint32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) starts[i + 1] = (starts[i] ?? 0) + Buffer.byteLength(text);
  return { bytes: Buffer.from(texts.join("")), starts };
}

/** The number of the first place that is not below `least`. */
function firstFrom(places: Float64Array, count: number, least: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

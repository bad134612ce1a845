/** Finds the last block of a deflate stream by stepping over all symbols before it, without decoding them. */
import { fillCodeTable, MAX_CODE_BITS } from "./huffman.js";

/** Bit positions: the block's header, whose first bit marks the last block, and the bit after its end. */
export interface LastBlock {
  readonly start: number;
  readonly end: number;
}

/** Bytes of any value that must follow the stream, because bits are read four bytes at a time. */
export const PEEK_BYTES = 4;

const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;
const ALL = 2 ** MAX_CODE_BITS;
const END_OF_BLOCK = 256;

/**
 * Bits of the entry for a literal or length: how many bits to step over, whether a distance follows, whether the block
 * ends.
 */
const STEP = 0xff;
const DISTANCE_FOLLOWS = 0x100;
const ENDS = 0x200;

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Returns a function that finds the last block, and keeps its tables for the next call. The function throws if a stream
 * is not valid.
 */
export function lastBlockFinder(): (stream: Uint8Array) => LastBlock {
  const symbols = new Uint16Array(ALL);
  const distances = new Uint16Array(ALL);
  const lengthCodes = new Uint16Array(2 ** 7);
  let view: DataView;
  let at: number;

  const peek = (): number => view.getUint32(at >>> 3, true) >>> (at & 7);
  const take = (bits: number): number => {
    const value = peek() & (2 ** bits - 1);
    at += bits;
    return value;
  };

  function stepOverStored(): void {
    at = (at + 7) & ~7;
    at += 32 + 8 * (peek() & 0xffff);
  }
  function readCodes(): void {
    const symbolCount = take(5) + 257;
    const distanceCount = take(5) + 1;
    const lengthCount = take(4) + 4;
    const ofLengths = new Uint8Array(LENGTH_ORDER.length);
    for (const code of LENGTH_ORDER.slice(0, lengthCount)) ofLengths[code] = take(3);
    fillCodeTable(lengthCodes, ofLengths, (symbol, bits) => (symbol << 4) | bits);
    const lengths = new Uint8Array(symbolCount + distanceCount);
    for (let i = 0; i < lengths.length; ) {
      const entry = known(lengthCodes[peek() & 0x7f]);
      at += entry & 0xf;
      const length = entry >>> 4;
      if (length <= MAX_CODE_BITS) {
        lengths[i++] = length;
        continue;
      }
      const repeated = length === 16 ? (lengths[i - 1] ?? 0) : 0;
      const times = length === 16 ? 3 + take(2) : length === 17 ? 3 + take(3) : 11 + take(7);
      lengths.fill(repeated, i, i + times);
      i += times;
    }
    setCodes(lengths.subarray(0, symbolCount), lengths.subarray(symbolCount));
  }
  function setCodes(ofSymbols: Uint8Array, ofDistances: Uint8Array): void {
    fillCodeTable(symbols, ofSymbols, (symbol, bits) => {
      if (symbol < END_OF_BLOCK) return bits;
      return symbol === END_OF_BLOCK ? bits | ENDS : (bits + (LENGTH_EXTRA[symbol - 257] ?? 0)) | DISTANCE_FOLLOWS;
    });
    fillCodeTable(distances, ofDistances, (symbol, bits) => bits + Math.max(0, (symbol >> 1) - 1));
  }
  function stepOverSymbols(bits: DataView, start: number): number {
    // Takes most of the time, so everything it touches is local.
    for (let i = start; ; ) {
      const entry = known(symbols[(bits.getUint32(i >>> 3, true) >>> (i & 7)) & (ALL - 1)]);
      i += entry & STEP;
      if (entry < DISTANCE_FOLLOWS) continue;
      if (entry & ENDS) return i;
      i += known(distances[(bits.getUint32(i >>> 3, true) >>> (i & 7)) & (ALL - 1)]);
    }
  }

  return (stream) => {
    // Other bytes may follow the stream: the caller knows where it ends.
    view = new DataView(stream.buffer, stream.byteOffset, stream.length + PEEK_BYTES);
    at = 0;
    for (;;) {
      const start = at;
      const isLast = take(1) === 1;
      const type = take(2);
      if (type === STORED) stepOverStored();
      else {
        if (type === FIXED) setCodes(FIXED_SYMBOLS, FIXED_DISTANCES);
        else if (type === DYNAMIC) readCodes();
        else throw new RangeError("A deflate block has no known type.");
        at = stepOverSymbols(view, at);
      }
      if (isLast) return { start, end: at };
    }
  };
}

const FIXED_SYMBOLS = Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
const FIXED_DISTANCES = new Uint8Array(30).fill(5);

function known(entry: number | undefined): number {
  if (!entry) throw new RangeError("A deflate stream has bits that are not a code.");
  return entry;
}

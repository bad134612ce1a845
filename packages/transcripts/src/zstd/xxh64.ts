/** XXH64 with seed 0, the checksum of zstd's frames, in 32-bit halves: numbers of 64 bits are slow in JavaScript. */

export interface Xxh64 {
  add(bytes: Uint8Array): void;
  /** The lower 32 bits of the sum of all bytes so far. Call it once, at the end. */
  low32(): number;
}

/** High and low half, each from 0 to 2^32 - 1. */
type U64 = readonly [high: number, low: number];

const P1: U64 = [0x9e3779b1, 0x85ebca87];
const P2: U64 = [0xc2b2ae3d, 0x27d4eb4f];
const P3: U64 = [0x165667b1, 0x9e3779f9];
const P4: U64 = [0x85ebca77, 0xc2b2ae63];
const P5: U64 = [0x27d4eb2f, 0x165667c5];
const ZERO: U64 = [0, 0];
const STRIPE_BYTES = 32;

function plus([ah, al]: U64, [bh, bl]: U64): U64 {
  const low = al + bl;
  return [(ah + bh + (low > 0xffffffff ? 1 : 0)) >>> 0, low >>> 0];
}

function times([ah, al]: U64, [bh, bl]: U64): U64 {
  const [a1, a0, b1, b0] = [al >>> 16, al & 0xffff, bl >>> 16, bl & 0xffff];
  const lowest = a0 * b0;
  const middle = a0 * b1 + a1 * b0 + Math.floor(lowest / 65_536);
  const high = a1 * b1 + Math.floor(middle / 65_536);
  const low = ((middle << 16) | (lowest & 0xffff)) >>> 0;
  return [(high + Math.imul(ah, bl) + Math.imul(al, bh)) >>> 0, low];
}

const xor = ([ah, al]: U64, [bh, bl]: U64): U64 => [(ah ^ bh) >>> 0, (al ^ bl) >>> 0];

/** By 1 to 31 bits. */
const rotated = ([high, low]: U64, bits: number): U64 => [
  ((high << bits) | (low >>> (32 - bits))) >>> 0,
  ((low << bits) | (high >>> (32 - bits))) >>> 0,
];

/** `x ^ (x >> bits)` */
function folded([high, low]: U64, bits: number): U64 {
  if (bits >= 32) return [high, (low ^ (high >>> (bits - 32))) >>> 0];
  return [(high ^ (high >>> bits)) >>> 0, (low ^ ((low >>> bits) | (high << (32 - bits)))) >>> 0];
}

const mixed = (lane: U64, input: U64): U64 => times(rotated(plus(lane, times(input, P2)), 31), P1);

export function xxh64(): Xxh64 {
  let lanes: readonly U64[] = [plus(P1, P2), P2, ZERO, plus(xor(P1, [0xffffffff, 0xffffffff]), [0, 1])];
  const held = new Uint8Array(STRIPE_BYTES);
  let heldBytes = 0;
  let length = 0;

  const read = (view: DataView, at: number): U64 => [view.getUint32(at + 4, true), view.getUint32(at, true)];
  const addStripes = (bytes: Uint8Array): void => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) {
      lanes = lanes.map((lane, index) => mixed(lane, read(view, at + index * 8)));
    }
  };
  return {
    add(bytes) {
      length += bytes.length;
      let rest = bytes;
      if (heldBytes > 0) {
        const part = rest.subarray(0, STRIPE_BYTES - heldBytes);
        held.set(part, heldBytes);
        heldBytes += part.length;
        rest = rest.subarray(part.length);
        if (heldBytes < STRIPE_BYTES) return;
        addStripes(held);
      }
      addStripes(rest);
      const left = rest.subarray(rest.length - (rest.length % STRIPE_BYTES));
      held.set(left);
      heldBytes = left.length;
    },
    low32() {
      let sum = length < STRIPE_BYTES ? P5 : joined(lanes);
      sum = plus(sum, [Math.floor(length / 2 ** 32), length >>> 0]);
      const view = new DataView(held.buffer);
      let at = 0;
      for (; at + 8 <= heldBytes; at += 8) {
        sum = plus(times(rotated(xor(sum, mixed(ZERO, read(view, at))), 27), P1), P4);
      }
      if (at + 4 <= heldBytes) {
        sum = plus(times(rotated(xor(sum, times([0, view.getUint32(at, true)], P1)), 23), P2), P3);
        at += 4;
      }
      for (; at < heldBytes; at++) {
        sum = times(rotated(xor(sum, times([0, view.getUint8(at)], P5)), 11), P1);
      }
      const [, low] = folded(times(folded(times(folded(sum, 33), P2), 29), P3), 32);
      return low;
    },
  };
}

function joined(lanes: readonly U64[]): U64 {
  const turns = [1, 7, 12, 18];
  let sum = ZERO;
  for (const [index, lane] of lanes.entries()) sum = plus(sum, rotated(lane, turns[index] ?? 0));
  for (const lane of lanes) sum = plus(times(xor(sum, mixed(ZERO, lane)), P1), P4);
  return sum;
}

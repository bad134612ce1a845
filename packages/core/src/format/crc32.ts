/** CRC-32 as in gzip (RFC 1952, polynomial 0xEDB88320), sixteen bytes per step, and the CRC of a concatenation. */
import { nodeZlib } from "../codec/node-zlib.js";
import type { Bytes } from "../ports.js";

const POLYNOMIAL = 0xedb88320;
const STEP = 16;

/** At `256 * k + byte`: the CRC of the byte followed by k zero bytes. Signed, because V8 keeps such numbers unboxed. */
const TABLE: Int32Array = makeTable();

function makeTable(): Int32Array {
  const table = new Int32Array(STEP * 256);
  for (let i = 0; i < table.length; i++) {
    let crc = i;
    if (i >= 256) crc = afterByte(table, table[i - 256] as number, 0);
    else for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[i] = crc;
  }
  return table;
}

function afterByte(table: Int32Array, crc: number, byte: number): number {
  return (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
}

/** For so few bytes, such as a session's id, loading zlib does not pay. */
const FEW = 256;

/**
 * The CRC-32 of `bytes`, continuing from `previous`: `crc32(b, crc32(a))` is the CRC of a followed by b. Uses Node's
 * own if this is Node: three times as fast.
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const native = bytes.length > FEW ? nodeZlib()?.crc32 : undefined;
  return native ? native(bytes, previous) : slicedCrc32(bytes, previous);
}

/** The same in plain JavaScript. */
export function slicedCrc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let i = 0;
  for (const last = bytes.length - STEP; i <= last; i += STEP) {
    crc ^= at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    crc =
      at(TABLE, 3840 + (crc & 0xff)) ^
      at(TABLE, 3584 + ((crc >>> 8) & 0xff)) ^
      at(TABLE, 3328 + ((crc >>> 16) & 0xff)) ^
      at(TABLE, 3072 + (crc >>> 24)) ^
      at(TABLE, 2816 + at(bytes, i + 4)) ^
      at(TABLE, 2560 + at(bytes, i + 5)) ^
      at(TABLE, 2304 + at(bytes, i + 6)) ^
      at(TABLE, 2048 + at(bytes, i + 7)) ^
      at(TABLE, 1792 + at(bytes, i + 8)) ^
      at(TABLE, 1536 + at(bytes, i + 9)) ^
      at(TABLE, 1280 + at(bytes, i + 10)) ^
      at(TABLE, 1024 + at(bytes, i + 11)) ^
      at(TABLE, 768 + at(bytes, i + 12)) ^
      at(TABLE, 512 + at(bytes, i + 13)) ^
      at(TABLE, 256 + at(bytes, i + 14)) ^
      at(TABLE, at(bytes, i + 15));
  }
  for (; i < bytes.length; i++) crc = afterByte(TABLE, crc, at(bytes, i));
  return ~crc >>> 0;
}

function at(values: Int32Array | Uint8Array, index: number): number {
  return values[index] as number;
}

/** The product of two polynomials modulo the CRC's, bits reflected. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 1 << 31; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product;
}

/** x to the power of 8 * `bytes`, by squaring. */
function shiftOf(bytes: number): number {
  let power = 1 << 31; // x^0
  let square = 1 << 23; // x^8
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return power;
}

/** The CRC of a followed by b, from the CRC of each and the length of b in bytes (up to 2^53). */
export function combineCrc32(a: number, b: number, lengthOfB: number): number {
  return (multiply(shiftOf(lengthOfB), a) ^ b) >>> 0;
}

/** The CRC-32 of pieces that follow one another, from that of each. */
export function crc32OfAll(pieces: readonly { readonly crc32: number; readonly rawSize: number }[]): number {
  return pieces.reduce((crc, piece) => combineCrc32(crc, piece.crc32, piece.rawSize), 0);
}

/** Passes the bytes through; `crc32()` is their CRC once they have been read. */
export function withCrc32(bytes: Bytes): { readonly bytes: Bytes; crc32(): number } {
  let crc = 0;
  async function* counted(): Bytes {
    for await (const chunk of bytes) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
  }
  return { bytes: counted(), crc32: () => crc };
}

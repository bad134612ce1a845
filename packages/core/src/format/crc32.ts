/** CRC-32 as in gzip (RFC 1952, polynomial 0xEDB88320), eight bytes a step, and the CRC of a concatenation. */
const POLYNOMIAL = 0xedb88320;

/** Table k holds the CRC of each byte value followed by k zero bytes. */
const TABLES: readonly Uint32Array[] = makeTables();
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as readonly [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    first[byte] = crc;
  }
  const tables = [first];
  for (let previous = first; tables.length < 8; ) {
    previous = previous.map((crc) => (crc >>> 8) ^ at(first, crc & 0xff));
    tables.push(previous);
  }
  return tables;
}

function at(table: Uint32Array, index: number): number {
  return table[index] as number;
}

/** The CRC-32 of `bytes`, continuing from `previous`: `crc32(b, crc32(a))` is the CRC of a followed by b. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let i = 0;
  const byte = (offset: number): number => bytes[i + offset] as number;
  for (const end = bytes.length - 7; i < end; i += 8) {
    crc ^= byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
    crc =
      at(T7, crc & 0xff) ^
      at(T6, (crc >>> 8) & 0xff) ^
      at(T5, (crc >>> 16) & 0xff) ^
      at(T4, crc >>> 24) ^
      at(T3, byte(4)) ^
      at(T2, byte(5)) ^
      at(T1, byte(6)) ^
      at(T0, byte(7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ at(T0, (crc ^ byte(0)) & 0xff);
  return ~crc >>> 0;
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

/** Huffman codes of deflate (RFC 1951, 3.2.2) as tables, indexed with the next bits of the stream. */
export const MAX_CODE_BITS = 15;

/**
 * Fills `table`, of 2^n entries: wherever the first of n bits are the code of a symbol, with `entry(symbol, bits)`,
 * where `bits` is the length of that code. Bits that are not a code get 0. No code may be longer than n.
 */
export function fillCodeTable(
  table: Uint16Array,
  lengths: Uint8Array,
  entry: (symbol: number, bits: number) => number,
): void {
  table.fill(0);
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const bits of lengths) counts[bits] = (counts[bits] as number) + 1;
  counts[0] = 0;
  const next = new Uint16Array(MAX_CODE_BITS + 1);
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
    next[bits] = ((next[bits - 1] as number) + (counts[bits - 1] as number)) << 1;
  }
  lengths.forEach((bits, symbol) => {
    if (bits === 0) return;
    const code = next[bits] as number;
    next[bits] = code + 1;
    const value = entry(symbol, bits);
    // A code starts with its highest bit; all else starts with the lowest.
    for (let i = reversed(code, bits); i < table.length; i += 1 << bits) table[i] = value;
  });
}

function reversed(code: number, bits: number): number {
  let result = 0;
  for (let i = 0; i < bits; i++) result |= ((code >>> i) & 1) << (bits - 1 - i);
  return result;
}

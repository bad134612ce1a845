/** A codec without compression. It writes deflate's stored blocks, so that a simulated archive costs almost nothing. */
import { ArchiverError, type Codec } from "@session-archiver/core";

const LARGEST_BLOCK = 0xffff;
const HEADER_BYTES = 5;

/** Reads only streams of stored blocks, such as its own. */
export const storedCodec: Codec = {
  concurrency: 1,
  deflate(raw) {
    const count = Math.ceil(raw.length / LARGEST_BLOCK) + 1; // an empty one ends the segment
    const blocks = new Uint8Array(raw.length + count * HEADER_BYTES);
    for (let block = 0, from = 0, at = 0; block < count; block++) {
      const piece = raw.subarray(from, from + LARGEST_BLOCK);
      const { length } = piece;
      blocks.set([0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff], at);
      blocks.set(piece, at + HEADER_BYTES);
      at += HEADER_BYTES + length;
      from += length;
    }
    return blocks;
  },
  inflate(deflated, maxBytes) {
    const out = new Uint8Array(Math.min(deflated.length, maxBytes));
    const end = inflateStored(deflated, (piece, at) => {
      if (at + piece.length > maxBytes) throw corrupt(`holds more than ${maxBytes} bytes`);
      out.set(piece, at);
    });
    return out.subarray(0, end);
  },
};

/** Passes on each block up to the final one, with its place in the raw bytes. Gives their number. */
function inflateStored(deflated: Uint8Array, take: (piece: Uint8Array, at: number) => void): number {
  let raw = 0;
  for (let at = 0; ; ) {
    const [head = 2, low = 0, high = 0, notLow = 0, notHigh = 0] = deflated.subarray(at, at + HEADER_BYTES);
    const length = low | (high << 8);
    at += HEADER_BYTES;
    // The five bits after the block's type are padding, of any value.
    const isStored = (head & 6) === 0 && (low ^ notLow) === 0xff && (high ^ notHigh) === 0xff;
    if (!isStored || at + length > deflated.length) throw corrupt("is not made of stored blocks");
    take(deflated.subarray(at, at + length), raw);
    at += length;
    raw += length;
    if (head & 1) return raw;
  }
}

function corrupt(what: string): ArchiverError {
  return new ArchiverError("CORRUPT", `A segment ${what}.`);
}

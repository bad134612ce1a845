/** The frame of archive format 1: one gzip member around the segments. See docs/archive-format.md. */
import { ArchiverError } from "../../errors.js";

/** Magic, deflate, no flags, mtime 0, no extra flags, unknown operating system. */
export const HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

/**
 * Ends every segment: two empty stored blocks whose ignored padding bits are chosen so that the ten bytes are
 * practically unique in a deflate stream.
 */
export const MARKER: Uint8Array = Uint8Array.of(0x50, 0, 0, 0xff, 0xff, 0xa8, 0, 0, 0xff, 0xff);

/** The final, empty block with fixed Huffman codes. */
export const FINAL_BLOCK: Uint8Array = Uint8Array.of(3, 0);

/** Final block, CRC-32, raw length modulo 2^32. */
export const TRAILER_BYTES = 10;

/** Raw bytes a writer puts into a segment at most. */
export const SEGMENT_BYTES: number = 1024 * 1024;

/** Raw bytes a reader accepts in one segment: bounds the memory that hostile bytes can claim. */
export const MAX_SEGMENT_BYTES: number = 4 * 1024 * 1024;

/** Compressed bytes a reader accepts in one segment: stored blocks add 5 bytes to each 64 KiB. */
export const MAX_STORED_SEGMENT_BYTES: number = MAX_SEGMENT_BYTES + 1024 * 1024;

export function trailer(crc: number, rawBytes: number): Uint8Array {
  const bytes = new Uint8Array(TRAILER_BYTES);
  bytes.set(FINAL_BLOCK);
  const view = new DataView(bytes.buffer);
  view.setUint32(2, crc, true);
  view.setUint32(6, rawBytes % 2 ** 32, true);
  return bytes;
}

/** `CORRUPT` unless the file starts as format 1 does. */
export function checkHeader(bytes: Uint8Array, key: string): void {
  if (HEADER.some((byte, i) => bytes[i] !== byte)) {
    throw new ArchiverError("CORRUPT", `Archive "${key}" does not start with the header of archive format 1.`, { key });
  }
}

/** `CORRUPT` unless the file ends with this CRC and length. */
export function checkTrailer(bytes: Uint8Array, crc: number, rawBytes: number, key: string): void {
  const expected = trailer(crc, rawBytes);
  if (bytes.length !== TRAILER_BYTES || expected.some((byte, i) => bytes[i] !== byte)) {
    throw new ArchiverError("CORRUPT", `Archive "${key}" ends with a CRC or length that its bytes do not have.`, {
      key,
    });
  }
}

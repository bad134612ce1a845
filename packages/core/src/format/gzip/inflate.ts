/** Inflates a segment's blocks, and makes sure that a stream that goes on behind them is read as such by everyone. */
import { concat } from "../../bytes.js";
import type { Codec } from "../../codec/codec.js";
import { ArchiverError } from "../../errors.js";
import { MARKER } from "./frame.js";

/** A final stored block that holds four bytes: they come out only if no block before it claims to be the last. */
const SENTINEL_BLOCK = Uint8Array.of(1, 4, 0, 0xfb, 0xff, 0x73, 0x65, 0x67, 0x0a);
const SENTINEL = SENTINEL_BLOCK.subarray(5);

/** The raw bytes of whole, non-final blocks, at most `maxBytes`; `CORRUPT` if they are anything else. */
export function inflateBlocks(codec: Codec, blocks: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return inflateUpToSentinel(codec, concat([blocks, SENTINEL_BLOCK]), maxBytes);
}

/** The same of a whole segment, whose marker, the end of it, is overwritten. */
export function inflateInPlace(codec: Codec, segment: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const end = segment.length - MARKER.length;
  segment.set(SENTINEL_BLOCK, end);
  return inflateUpToSentinel(codec, segment.subarray(0, end + SENTINEL_BLOCK.length), maxBytes);
}

async function inflateUpToSentinel(codec: Codec, stream: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const raw = await codec.inflate(stream, maxBytes + SENTINEL.length);
  const end = raw.length - SENTINEL.length;
  if (end >= 0 && SENTINEL.every((byte, i) => raw[end + i] === byte)) return raw.subarray(0, end);
  throw new ArchiverError("CORRUPT", "A segment ends the deflate stream before its end.");
}

/**
 * Unpacks zstd, frame by frame: with Node's own decoder if it has one (from 22.15 on), which verifies checksums;
 * otherwise with a small one in JavaScript, which does not.
 */
import zlib, { constants } from "node:zlib";
import type { Bytes } from "@session-archiver/core";
import { byteReader } from "./byte-reader.js";
import { through } from "./through.js";
import { framesOf, NotZstd } from "./zstd-frames.js";

/** Decodes the chunks of one frame. */
export type FrameDecoder = (pieces: AsyncIterable<Uint8Array>) => Bytes;

/** Whether this Node unpacks zstd itself. */
export const HAS_ZSTD: boolean = constants.ZSTD_d_windowLogMax !== undefined;

/** All raw bytes of every frame. Throws `NotZstd`, or the decoder's own error, if it is damaged or torn. */
export async function* unzstd(packed: Bytes, decode: FrameDecoder = HAS_ZSTD ? natively : inJavaScript): Bytes {
  const reader = byteReader(packed);
  try {
    for await (const { contentSize, pieces } of framesOf(reader)) {
      let size = 0;
      for await (const chunk of decode(pieces)) {
        size += chunk.length;
        yield chunk;
      }
      if (contentSize !== undefined && size !== contentSize) {
        throw new NotZstd(`holds ${size} raw bytes in a frame of ${contentSize}`);
      }
    }
  } finally {
    await reader.close();
  }
}

export function natively(pieces: AsyncIterable<Uint8Array>): Bytes {
  // Through the namespace: a named import would fail on a Node without it.
  return through(pieces, zlib.createZstdDecompress());
}

/** Decodes block by block: a few bytes of a run may become 128 KiB. */
export async function* inJavaScript(pieces: AsyncIterable<Uint8Array>): Bytes {
  const { Decompress } = await import("fzstd");
  let made: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => void made.push(chunk));
  const taken = (): readonly Uint8Array[] => {
    const chunks = made.filter(({ length }) => length > 0);
    made = [];
    return chunks;
  };
  for await (const piece of pieces) {
    decoder.push(piece);
    yield* taken();
  }
  decoder.push(new Uint8Array(), true);
  yield* taken();
}

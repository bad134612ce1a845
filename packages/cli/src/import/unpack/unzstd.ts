/** Unpacks zstd: with Node's own decoder if it has one (from 22.15 on), otherwise with a small one in JavaScript. */
import zlib, { constants } from "node:zlib";
import type { Bytes } from "@session-archiver/core";
import { type FrameDecoder, fedBy, unzstd as unzstdWith } from "@session-archiver/transcripts";
import { through } from "./through.js";

/** All raw bytes of every frame. Throws `NotZstd`, or the decoder's own error, if it is damaged or torn. */
export async function* unzstd(packed: Bytes, decoder?: FrameDecoder): Bytes {
  yield* unzstdWith(packed, decoder ?? (HAS_ZSTD ? natively : await inJavaScript()));
}

const HAS_ZSTD = constants.ZSTD_d_windowLogMax !== undefined;

export const natively: FrameDecoder = {
  checksSums: true,
  // Through the namespace: a named import would fail on a Node without it.
  decode: (pieces) => through(pieces, zlib.createZstdDecompress()),
};

export async function inJavaScript(): Promise<FrameDecoder> {
  const { Decompress } = await import("fzstd");
  return fedBy((onChunk) => new Decompress(onChunk));
}

/** The codec that uses fflate, which runs wherever JavaScript does. */
import { Deflate, type DeflateOptions, inflateSync } from "fflate";
import { concat } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import type { Codec } from "./codec.js";

const NOTHING = new Uint8Array();
const EMPTY_STORED = Uint8Array.of(0, 0, 0xff, 0xff);

export function fflateCodec(options: { readonly level?: DeflateOptions["level"] } = {}): Codec {
  const level = options.level ?? 6;
  return {
    concurrency: 1,
    deflate(raw) {
      const chunks: Uint8Array[] = [];
      // mem 4 measured best for segments of 1 MiB.
      const stream = new Deflate({ level, mem: 4 }, (chunk) => chunks.push(chunk));
      stream.push(raw, false);
      stream.flush();
      stream.push(NOTHING, true);
      return withoutFinalBlock(concat(chunks));
    },
    inflate(deflated, maxBytes) {
      // One byte more than allowed, so that an overrun shows; what does not fit is dropped, not allocated.
      const out = new Uint8Array(maxBytes + 1);
      let raw: Uint8Array;
      try {
        raw = inflateSync(deflated, { out });
      } catch (cause) {
        throw new ArchiverError("CORRUPT", "A segment is not valid deflate data.", { cause });
      }
      if (raw.length > maxBytes) throw new ArchiverError("CORRUPT", `A segment holds more than ${maxBytes} bytes.`);
      return raw;
    },
  };
}

/**
 * Replaces the stream's end by an empty stored block, which aligns to a byte. fflate's own sync flush is broken for
 * many lengths, so the stream was ended with an empty final block, whose BFINAL and BTYPE are the two highest bits set.
 */
function withoutFinalBlock(deflated: Uint8Array): Uint8Array {
  let last = deflated.length - 1;
  while (last > 0 && deflated[last] === 0) last--;
  const finalBit = last * 8 + (31 - Math.clz32(deflated[last] ?? 0)) - 1;
  const kept = Math.ceil((finalBit + 3) / 8);
  const blocks = new Uint8Array(kept + EMPTY_STORED.length);
  blocks.set(deflated.subarray(0, kept));
  const byte = finalBit >> 3;
  blocks[byte] = (blocks[byte] ?? 0) & ((1 << (finalBit & 7)) - 1);
  if (byte + 1 < kept) blocks[byte + 1] = 0;
  blocks.set(EMPTY_STORED, kept);
  return blocks;
}

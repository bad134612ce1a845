/** Makes zstd frames by hand and by Node, in every shape that programs write. */
import { constants, zstdCompressSync } from "node:zlib";

const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag, ZSTD_c_compressionLevel, ZSTD_c_windowLog } = constants;

export interface FrameOptions {
  readonly checksum?: boolean;
  readonly size?: boolean;
  readonly level?: number;
  readonly windowLog?: number;
}

/** Needs a Node that can compress zstd. */
export function frame(raw: Uint8Array | string, options: FrameOptions = {}): Buffer {
  const { checksum = false, size = true, level = 3, windowLog } = options;
  const params = {
    [ZSTD_c_checksumFlag]: checksum ? 1 : 0,
    [ZSTD_c_contentSizeFlag]: size ? 1 : 0,
    [ZSTD_c_compressionLevel]: level,
    ...(windowLog !== undefined && { [ZSTD_c_windowLog]: windowLog }),
  };
  return zstdCompressSync(raw, { params });
}

/** A frame that decoders skip. */
export function skippable(content: Uint8Array | string, digit = 0): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + digit, 0);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

export type Block =
  | { readonly raw: Uint8Array | string }
  | { readonly byte: number; readonly times: number }
  | { readonly damaged: true };

/** A frame of plain blocks and runs, without its size, with this window descriptor (0x38: 128 KiB). */
export function handmade(blocks: readonly Block[], descriptor = 0x38): Buffer {
  const parts = blocks.map((block, n) => {
    const last = n === blocks.length - 1 ? 1 : 0;
    if ("raw" in block) return [header(last, 0, Buffer.from(block.raw).length), Buffer.from(block.raw)];
    if ("byte" in block) return [header(last, 1, block.times), Buffer.from([block.byte])];
    return [header(last, 3, 0)];
  });
  return Buffer.concat([MAGIC, Buffer.from([0x00, descriptor]), ...parts.flat()]);
}

function header(last: number, kind: number, size: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(last | (kind << 1) | (size << 3), 0, 3);
  return bytes;
}

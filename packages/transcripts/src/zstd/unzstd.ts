/** Unpacks zstd frame by frame, with the decoder that the caller has: a runtime's own, or a small one in JavaScript. */
import { byteReader } from "./byte-reader.js";
import { type Frame, framesOf, NotZstd } from "./frames.js";
import { xxh64 } from "./xxh64.js";

export interface FrameDecoder {
  /** Decodes one frame, whose header, blocks and checksum come as a chunk each. */
  decode(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Whether it checks the checksum itself. */
  readonly checksSums: boolean;
}

/**
 * All raw bytes of every frame, in chunks; the caller may keep them. Throws `NotZstd`, or the decoder's own error, if the
 * file is damaged or torn. A frame's raw size and checksum are checked if it has them.
 */
export async function* unzstd(
  packed: AsyncIterable<Uint8Array>,
  decoder: FrameDecoder,
): AsyncGenerator<Uint8Array, void> {
  const reader = byteReader(packed);
  try {
    for await (const frame of framesOf(reader)) yield* checked(frame, decoder);
  } finally {
    await reader.close();
  }
}

async function* checked(
  { contentSize, hasChecksum, pieces }: Frame,
  decoder: FrameDecoder,
): AsyncGenerator<Uint8Array, void> {
  const sum = hasChecksum && !decoder.checksSums ? xxh64() : undefined;
  let size = 0;
  let last: Uint8Array = new Uint8Array();
  async function* noted(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of pieces) {
      last = piece;
      yield piece;
    }
  }
  for await (const chunk of decoder.decode(noted())) {
    size += chunk.length;
    if (contentSize !== undefined && size > contentSize) break;
    sum?.add(chunk);
    yield chunk;
  }
  if (contentSize !== undefined && size !== contentSize) {
    throw new NotZstd(`holds ${size > contentSize ? "more" : size} raw bytes in a frame of ${contentSize}`);
  }
  if (sum && sum.low32() !== new DataView(last.buffer, last.byteOffset).getUint32(0, true)) {
    throw new NotZstd("holds a frame that doesn't match its checksum");
  }
}

/** A decoder that is fed chunks and calls back with what they hold, as fzstd's `Decompress` does. */
export interface PushDecoder {
  push(chunk: Uint8Array, isLast?: boolean): void;
}

/** A frame decoder out of one that is fed and checks no checksum. Block by block: a few bytes may become 128 KiB. */
export function fedBy(create: (onChunk: (chunk: Uint8Array) => void) => PushDecoder): FrameDecoder {
  return { checksSums: false, decode: (pieces) => fed(create, pieces) };
}

async function* fed(
  create: Parameters<typeof fedBy>[0],
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let made: Uint8Array[] = [];
  const decoder = create((chunk) => void made.push(chunk));
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

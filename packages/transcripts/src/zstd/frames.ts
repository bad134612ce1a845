/**
 * Finds where the frames of a zstd file begin and end (RFC 8878), by the lengths written in it, without decoding.
 * Needed for decoders that silently stop after the first frame, as Node's does from 22.15 to 25.
 */
import type { ByteReader } from "./byte-reader.js";

export interface Frame {
  /** Number of raw bytes, if the frame states it. */
  readonly contentSize: number | undefined;
  /** Whether the last piece is a checksum: the low 32 bits of XXH64, lowest byte first. */
  readonly hasChecksum: boolean;
  /**
   * The frame's own bytes: its header, each block, and the checksum if there is one. Must be read to the end before the
   * next frame is asked for.
   */
  readonly pieces: AsyncGenerator<Uint8Array, void>;
}

/** What is wrong with the file, as the end of a sentence that begins with its name: `ends in the middle of a frame`. */
export class NotZstd extends Error {
  override readonly name = "NotZstd";
}

const MAGIC = 0xfd2fb528;
/** 16 magic numbers, whose lowest digit may be anything. */
const SKIPPABLE = 0x184d2a50;
/** The largest window that decoders accept without special options; Codex's decoder accepts it. */
const LARGEST_WINDOW: number = 2 ** 27;
const LARGEST_BLOCK = 128 * 1024;

/** Each frame that holds data, to the last byte of the file. Throws `NotZstd` for anything else in it. */
export async function* framesOf(reader: ByteReader): AsyncGenerator<Frame, void> {
  while (!(await reader.atEnd())) {
    const magic = await take(reader, 4);
    const number = view(magic).getUint32(0, true);
    if ((number & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const length = view(await take(reader, 4)).getUint32(0, true);
      if (!(await reader.skip(length))) throw torn();
    } else if (number === MAGIC) {
      const header = await readHeader(reader, magic);
      const { contentSize, hasChecksum } = header;
      yield { contentSize, hasChecksum, pieces: piecesOf(reader, header) };
    } else {
      throw new NotZstd("holds bytes that are not a zstd frame");
    }
  }
}

interface Header {
  readonly bytes: Uint8Array;
  readonly contentSize: number | undefined;
  readonly largestBlock: number;
  readonly hasChecksum: boolean;
}

async function readHeader(reader: ByteReader, magic: Uint8Array): Promise<Header> {
  const first = await take(reader, 1);
  const [flags = 0] = first;
  const isSingle = (flags & 0x20) !== 0;
  if (flags & 0x08) throw new NotZstd("has a frame of an unknown form");
  const idBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const rest = await take(reader, (isSingle ? 0 : 1) + idBytes + sizeBytes);
  const id = rest.subarray(rest.length - sizeBytes - idBytes, rest.length - sizeBytes);
  if (id.some((byte) => byte !== 0)) throw new NotZstd("was made with a dictionary, which isn't there");
  const contentSize = sizeOf(rest.subarray(rest.length - sizeBytes));
  const window = isSingle ? (contentSize ?? 0) : windowOf(rest[0] ?? 0);
  if (window > LARGEST_WINDOW) throw new NotZstd(`needs ${window} bytes of memory to be unpacked: more than 128 MiB`);
  return {
    bytes: join([magic, first, rest]),
    contentSize,
    largestBlock: Math.min(window, LARGEST_BLOCK),
    hasChecksum: (flags & 0x04) !== 0,
  };
}

/** Sizes of two bytes count from 256: smaller sizes use one byte. */
function sizeOf(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0) return undefined;
  const number = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return bytes.length === 2 ? number + 256 : number;
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

async function* piecesOf(reader: ByteReader, header: Header): AsyncGenerator<Uint8Array, void> {
  yield header.bytes;
  for (let isLast = false; !isLast; ) {
    const start = await take(reader, 3);
    const number = (start[0] ?? 0) | ((start[1] ?? 0) << 8) | ((start[2] ?? 0) << 16);
    isLast = (number & 1) === 1;
    const kind = (number >> 1) & 3;
    const size = number >> 3;
    if (kind === 3 || size > header.largestBlock) throw new NotZstd("holds a damaged block");
    // A run has one byte, which is repeated.
    yield join([start, await take(reader, kind === 1 ? 1 : size)]);
  }
  if (header.hasChecksum) yield await take(reader, 4);
}

async function take(reader: ByteReader, count: number): Promise<Uint8Array> {
  const bytes = await reader.take(count);
  if (!bytes) throw torn();
  return bytes;
}

function torn(): NotZstd {
  return new NotZstd("ends in the middle of a zstd frame");
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

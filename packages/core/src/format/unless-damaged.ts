/** Looks at archive files that may be damaged or gone: then the answer is no, not an error. */
import { toBytes } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { hasCode } from "../errors.js";
import type { LineCount } from "../jsonl.js";
import type { ArchiveInfo, ArchiveSink, OpOptions } from "../ports.js";
import { checkTrailer, TRAILER_BYTES } from "./gzip/frame.js";
import type { FileIndex } from "./manifest.js";
import { scanArchive } from "./scan.js";

/** Whether the file ends with this CRC and raw size. Reads ten bytes. */
export async function endsAs(
  sink: ArchiveSink,
  { key, size }: Pick<ArchiveInfo, "key" | "size">,
  { crc32, rawBytes }: Pick<FileIndex, "crc32" | "rawBytes">,
  op?: OpOptions,
): Promise<boolean> {
  const look = async (): Promise<true> => {
    const end = await toBytes(sink.read(key, { start: Math.max(0, size - TRAILER_BYTES), end: size }, op));
    checkTrailer(end, crc32, rawBytes, key);
    return true;
  };
  return (await unlessDamaged(look())) ?? false;
}

/**
 * The index of the file from its own bytes, all of which are read; `undefined` if it is damaged or gone. `before`: the
 * count of what it continues.
 */
export function scanIfWhole(
  sink: ArchiveSink,
  codec: Codec,
  key: string,
  op?: OpOptions,
  before?: LineCount,
): Promise<FileIndex | undefined> {
  return unlessDamaged(scanArchive(sink, codec, key, op, before));
}

async function unlessDamaged<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
    throw error;
  }
}

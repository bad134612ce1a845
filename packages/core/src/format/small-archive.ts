/** Reads an archive of one segment by what was committed of it, without its manifest: half the files to open. */
import { toBytes } from "../bytes.js";
import type { Codec } from "../codec/codec.js";
import { hasCode } from "../errors.js";
import type { ArchiveSink, OpOptions } from "../ports.js";
import { crc32 } from "./crc32.js";
import { HEADER, SEGMENT_BYTES, TRAILER_BYTES, trailer } from "./gzip/frame.js";

/** What was committed of an archive; sizes in bytes, the CRC is that of the raw bytes. */
interface Committed {
  readonly archiveKey: string;
  readonly archiveBytes: number;
  readonly rawBytes: number;
  readonly crc32: number;
}

/** Whether an archive takes no more memory than a segment, compressed and raw. */
export function isSmall({ archiveBytes, rawBytes }: Committed): boolean {
  return archiveBytes <= SEGMENT_BYTES && rawBytes <= SEGMENT_BYTES;
}

/** All raw bytes, if they are exactly those that were committed. `undefined`: something is wrong with the archive. */
export async function readSmallArchive(
  sink: Pick<ArchiveSink, "read">,
  codec: Codec,
  { archiveKey, archiveBytes, rawBytes, crc32: committed }: Committed,
  op: OpOptions,
): Promise<Uint8Array | undefined> {
  // One byte more shows that there is more.
  const stored = await toBytes(sink.read(archiveKey, { start: 0, end: archiveBytes + 1 }, op));
  if (stored.length !== archiveBytes || HEADER.some((byte, i) => stored[i] !== byte)) return undefined;
  const end = stored.length - TRAILER_BYTES;
  if (trailer(committed, rawBytes).some((byte, i) => stored[end + i] !== byte)) return undefined;
  try {
    const raw = await codec.inflate(stored.subarray(HEADER.length), rawBytes);
    return raw.length === rawBytes && crc32(raw) === committed ? raw : undefined;
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
    return undefined;
  }
}

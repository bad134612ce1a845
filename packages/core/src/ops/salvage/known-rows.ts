/**
 * What manifests say of an archive's segments, also manifests that are damaged or not the committed one. Rows prove
 * themselves: together they must have the committed sizes and CRC, or their segment has their CRC.
 */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { combineCrc32 } from "../../format/crc32.js";
import { HEADER, MAX_SEGMENT_BYTES, MAX_STORED_SEGMENT_BYTES, TRAILER_BYTES } from "../../format/gzip/frame.js";
import { MAX_MANIFEST_BYTES, MAX_SEGMENTS, type Segment } from "../../format/manifest.js";
import { decodeSegment } from "../../format/manifest-file-decode.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";

/** The rows of one file in a manifest, or those that are left of them. */
export type Rows = readonly Segment[];

const ROW = /\[(?:\d{1,16},\s*){6}(?:null|-?\d{1,16}(?:\.\d{1,16})?)\]/g;

/** The rows in each of these objects, in sequences that begin at the start of an archive file. */
export async function rowsIn(ctx: Context, infos: readonly ArchiveInfo[], op: OpOptions): Promise<readonly Rows[]> {
  const all: Segment[][] = [];
  let count = 0;
  for (const { key, size } of infos) {
    if (size > MAX_MANIFEST_BYTES) continue;
    const bytes = await toBytes(ctx.archives.read(key, undefined, op)).catch(unlessDamaged);
    for (const [row] of new TextDecoder().decode(bytes).matchAll(ROW)) {
      const segment = decodeSegment(JSON.parse(row));
      if (!segment || !isPossible(segment) || ++count > MAX_SEGMENTS) continue;
      if (segment.archiveOffset === HEADER.length || all.length === 0) all.push([]);
      all.at(-1)?.push(segment);
    }
  }
  return all;
}

function unlessDamaged(error: unknown): Uint8Array {
  if (hasCode(error, "CORRUPT", "NOT_FOUND")) return new Uint8Array();
  throw error;
}

function isPossible({ archiveSize, rawSize, archiveOffset }: Segment): boolean {
  return (
    archiveOffset >= HEADER.length &&
    archiveSize > 0 &&
    archiveSize <= MAX_STORED_SEGMENT_BYTES &&
    rawSize > 0 &&
    rawSize <= MAX_SEGMENT_BYTES
  );
}

/** Whether the rows are those of this very file: its committed sizes and CRC are the sums of theirs. */
export function areRowsOf(file: ArchivedFile, rows: Rows): boolean {
  let offset = HEADER.length;
  let rawBytes = 0;
  let crc = 0;
  for (const row of rows) {
    if (row.archiveOffset !== offset || row.rawOffset !== rawBytes) return false;
    offset += row.archiveSize;
    rawBytes += row.rawSize;
    crc = combineCrc32(crc, row.crc32, row.rawSize);
  }
  return offset + TRAILER_BYTES === file.archiveBytes && rawBytes === file.rawBytes && crc === file.crc32;
}

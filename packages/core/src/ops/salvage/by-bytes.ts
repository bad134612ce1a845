/** Raw bytes outside the sink that are the whole file: its size and CRC prove them. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { ArchiverError, throwIfAborted } from "../../errors.js";
import { combineCrc32, crc32 } from "../../format/crc32.js";
import { newlinesIn } from "../../jsonl.js";
import type { OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { type RawBytes, withWarning } from "./donors.js";
import type { Found, Saved } from "./saved.js";

const PIECE_BYTES = 1024 * 1024;

/** `undefined` unless these are all bytes that the archive held. */
export async function findByBytes(
  ctx: Context,
  id: string,
  file: ArchivedFile,
  bytes: RawBytes,
  op: OpOptions,
): Promise<Found | undefined> {
  if (bytes.start > 0 || bytes.end < file.rawBytes) return undefined;
  const pieces: Saved[] = [];
  let crc = 0;
  for (let start = 0; start < file.rawBytes; start += PIECE_BYTES) {
    throwIfAborted(op.signal, { id });
    const end = Math.min(file.rawBytes, start + PIECE_BYTES);
    const raw = await toBytes(bytes.read(start, end)).catch(withWarning(ctx, id));
    if (raw?.length !== end - start) return undefined;
    const piece = crc32(raw);
    crc = combineCrc32(crc, piece, raw.length);
    const newlines = newlinesIn(raw);
    const read = async (): Promise<Uint8Array> => {
      const again = await toBytes(bytes.read(start, end));
      if (again.length === end - start && crc32(again) === piece) return again;
      throw new ArchiverError("CORRUPT", `The source of "${id}" was changed while it was read: salvage again.`, { id });
    };
    pieces.push({ rawSize: raw.length, crc32: piece, newlines, from: bytes.from, proven: true, read });
  }
  if (crc !== file.crc32) return undefined;
  return { runs: [{ pieces, isFirst: true, isLast: true, line: 0 }], totalLines: undefined, isExact: true };
}

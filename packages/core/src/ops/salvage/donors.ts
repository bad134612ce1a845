/** Where the segments of a damaged archive may be found: in it, elsewhere in the sink, in a live blob, in the source. */
import { toBytes } from "../../bytes.js";
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import type { Segment } from "../../format/manifest.js";
import { inflateSegment } from "../../format/reader.js";
import type { ArchiveInfo, Bytes, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import type { FileState } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { exactly } from "../import/feed.js";
import { openedSource } from "../import/prove-bytes.js";
import type { FoundIn } from "./salvage-types.js";

export interface Donor {
  readonly from: FoundIn | undefined;
  /** The raw bytes of the segment; `undefined` unless they are here and have its CRC. */
  segment(segment: Segment): Promise<Uint8Array | undefined>;
}

/** Raw bytes of the file outside the sink. */
export interface RawBytes {
  readonly from: FoundIn;
  /** Where in the file they begin and end. */
  readonly start: number;
  readonly end: number;
  /** Bytes `[start, end)` of the file. */
  read(start: number, end: number): Bytes;
}

/** An archive object. `from`: `undefined` for the damaged archive itself. */
export function sinkDonor(ctx: Context, { key, size }: ArchiveInfo, from: FoundIn | undefined, op: OpOptions): Donor {
  return {
    from,
    async segment(segment) {
      const { archiveOffset: start, archiveSize } = segment;
      if (start + archiveSize > size) return undefined;
      try {
        const stored = await toBytes(ctx.archives.read(key, { start, end: start + archiveSize }, op));
        // A copy, because the marker is overwritten.
        return stored.length < archiveSize ? undefined : await inflateSegment(ctx.codec, key, segment, stored.slice());
      } catch (error) {
        if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
        throw error;
      }
    },
  };
}

export function rawDonor(ctx: Context, id: string, bytes: RawBytes): Donor {
  return {
    from: bytes.from,
    async segment({ rawOffset, rawSize, crc32: crc }) {
      if (rawOffset < bytes.start || rawOffset + rawSize > bytes.end) return undefined;
      const raw = await toBytes(bytes.read(rawOffset, rawOffset + rawSize)).catch(withWarning(ctx, id));
      return raw?.length === rawSize && crc32(raw) === crc ? raw : undefined;
    },
  };
}

/** A source or blob that can't be read now must not keep the rest from being salvaged. */
export function withWarning(ctx: Context, id: string): (error: unknown) => undefined {
  return (error) => {
    if (hasCode(error, "ABORTED")) throw error;
    warn(ctx, id, error);
    return undefined;
  };
}

/** The live blob, where it holds bytes that the archive was made from, or that were restored from it. */
export function liveBytesOf(ctx: Context, state: FileState, file: ArchivedFile, op: OpOptions): RawBytes | undefined {
  if (!("blob" in state) || state.kind === "candidate" || state.kind === "stray") return undefined;
  const { blob } = state;
  // A blob that was archived ended where the archive ends; one that was restored begins where it begins.
  const held = state.kind === "continuation" ? state.from : Math.min(blob.size, file.rawBytes);
  const start = state.kind === "restored" ? 0 : file.rawBytes - held;
  if (held === 0 || start < 0) return undefined;
  return {
    ...{ from: "live", start, end: start + held },
    read: (from, to) => ctx.blobs.read(blob, { start: from - start, end: to - start }, op),
  };
}

/** The session's source, if the host can open it. */
export async function sourceBytesOf(
  ctx: Context,
  { object }: Snapshot,
  file: ArchivedFile,
  op: OpOptions,
): Promise<RawBytes | undefined> {
  const { id, meta } = object;
  if (file.name !== OUTPUT || !ctx.openSource) return undefined;
  const source = await openedSource(ctx.openSource, id, meta, op).catch(withWarning(ctx, id));
  if (!source) return undefined;
  return { from: "source", start: 0, end: source.size, read: (start, end) => exactly(id, source, start, end) };
}

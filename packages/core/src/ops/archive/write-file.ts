/** Writes one file of a new archive and reads it back: only bytes that were read back and found right are committed. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { Base } from "../../format/continued.js";
import { crc32 } from "../../format/crc32.js";
import { HEADER, TRAILER_BYTES } from "../../format/gzip/frame.js";
import type { FileIndex } from "../../format/manifest.js";
import { mapOrdered } from "../../format/map-ordered.js";
import { inflateSegment, type StoredSegment, storedSegments } from "../../format/reader.js";
import { archiveWriter } from "../../format/writer.js";
import type { ArchiveSink, Bytes, Meta, OpOptions } from "../../ports.js";
import { openArchive } from "../../read/archive-index.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { type FileState, sizesOf } from "../../session/file-state.js";

/** What to archive: the live bytes, or `body`, which has all that the file's archive held. */
export interface FileSource {
  readonly id: string;
  readonly meta: Meta;
  readonly state: FileState;
  readonly base?: FileIndex | undefined;
  readonly body?: Bytes | undefined;
}

/**
 * Archives one file under `key`. For a continuation, the old archive's segments are copied as they are, described by
 * `base` or else by the old manifest. `CORRUPT` if the sink returns other bytes than were sent; the caller must then
 * delete the file.
 */
export async function writeFile(
  ctx: Context,
  key: string,
  source: FileSource,
  onRaw: (bytes: number) => void,
  op?: OpOptions,
): Promise<FileIndex> {
  const { state, body } = source;
  const base =
    !body && state.kind === "continuation" && state.file ? await baseOf(ctx, source, state.file, op) : undefined;
  const writer = archiveWriter(key, body ?? liveBytes(ctx, state, op), ctx.codec, base, onRaw);
  const info = await ctx.archives.put(key, writer.bytes, op);
  const index = writer.index();
  const { archived, live } = sizesOf(state);
  if (info.size !== index.archiveBytes || index.rawBytes !== (body ? archived : archived + live)) {
    throw mismatch(key, `took ${info.size} archive bytes and ${index.rawBytes} raw bytes, not as many as were sent`);
  }
  await readBack(ctx, index, writer.provenSegments(), op);
  return index;
}

async function baseOf(ctx: Context, source: FileSource, file: ArchivedFile, op: OpOptions | undefined): Promise<Base> {
  const { id, meta, base } = source;
  const index = base ?? (await openArchive(ctx, id, meta, file, op));
  const range = { start: HEADER.length, end: index.archiveBytes - TRAILER_BYTES };
  return { index, segments: ctx.archives.read(file.archiveKey, range, op) };
}

function liveBytes(ctx: Context, state: FileState, op: OpOptions | undefined): Bytes {
  if (!("blob" in state)) throw new ArchiverError("INVALID_ARGUMENT", `File "${state.name}" has nothing to archive.`);
  return ctx.blobs.read(state.blob, state.kind === "continuation" ? { start: state.from } : undefined, op);
}

/** Compares the stored bytes with those sent, and inflates every segment that is not known to be right. */
async function readBack(
  { archives, codec }: Context,
  index: FileIndex,
  provenSegments: number,
  op: OpOptions | undefined,
): Promise<void> {
  let crc = 0;
  async function* read(...args: Parameters<ArchiveSink["read"]>): Bytes {
    for await (const chunk of archives.read(...args)) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
  }
  const unproven = index.segments[provenSegments]?.archiveOffset ?? index.archiveBytes;
  const check = async ({ segment, stored }: StoredSegment): Promise<void> => {
    if (segment.archiveOffset >= unproven) await inflateSegment(codec, index.key, segment, stored);
  };
  const segments = storedSegments({ read }, index, index.segments, true, op);
  for await (const _ of mapOrdered(segments, check, codec.concurrency));
  if (crc !== index.archiveCrc32) throw mismatch(index.key, "came back with other bytes than were sent");
}

function mismatch(key: string, what: string): ArchiverError {
  return new ArchiverError("CORRUPT", `Archive "${key}" ${what}; nothing was committed.`, { key });
}

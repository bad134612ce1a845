/** Writes one file of a new archive and reads it back: only bytes that were read back and found right are committed. */
import { bytesOf, release, releasing, unshared } from "../../bytes.js";
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { baseOf } from "../../format/continued.js";
import { crc32 } from "../../format/crc32.js";
import { joined } from "../../format/joined.js";
import { type Followed, hasRoomInKey } from "../../format/keys.js";
import type { FileIndex } from "../../format/manifest.js";
import { mapOrdered } from "../../format/map-ordered.js";
import { keptParts } from "../../format/merge-parts.js";
import { beginningOf, type PlacedPart, partsOf } from "../../format/parts.js";
import { inflateSegment, type StoredSegment, storedSegments } from "../../format/reader.js";
import { type ArchiveWriter, archiveWriter } from "../../format/writer.js";
import type { ArchiveSink, Bytes, Meta, OpOptions } from "../../ports.js";
import { openArchive } from "../../read/archive-index.js";
import { type FileState, sizesOf } from "../../session/file-state.js";

/** What to archive: the live bytes, or `body`, which has all that the file's archive held. */
export interface FileSource {
  readonly id: string;
  readonly meta: Meta;
  readonly state: FileState;
  readonly base?: FileIndex | undefined;
  readonly body?: Bytes | undefined;
  /** Merges all parts, whatever their sizes. */
  readonly repack?: boolean | undefined;
}

/**
 * Archives one file under the key that `keyOf` gives. A continuation becomes a part behind those of the old archive, or
 * takes the last ones in, whose segments are copied as they are, described by `base` or else by the old manifest.
 * `CORRUPT` if the sink returns other bytes than were sent; the caller must then delete the file.
 */
export async function writeFile(
  ctx: Context,
  keyOf: (follows?: Followed) => string,
  source: FileSource,
  onRaw: (bytes: number) => void,
  op?: OpOptions,
): Promise<FileIndex> {
  const { writer, index } = await fileWriter(ctx, keyOf, source, onRaw, op);
  const { size } = await ctx.archives.put(writer.key, releasing(writer.bytes), op);
  const all = index(size);
  await readBack(ctx, writer.index(), writer.provenSegments(), op);
  return all;
}

export interface FileWriter {
  readonly writer: ArchiveWriter;
  /**
   * The index of the whole file, once the writer's bytes are stored: `size` is how many bytes that took. `CORRUPT` if they are others than
   * were to be archived.
   */
  index(size: number): FileIndex;
}

/** What is to be put for the file: all of it, or a part. */
export async function fileWriter(
  ctx: Context,
  keyOf: (follows?: Followed) => string,
  { id, meta, state, body, base: mended, repack }: FileSource,
  onRaw: (bytes: number) => void,
  op: OpOptions | undefined,
): Promise<FileWriter> {
  const { archived, live } = sizesOf(state);
  const file = !body && state.kind !== "restored" && "file" in state ? state.file : undefined;
  const before = file && (mended ?? (await openArchive(ctx, id, meta, file, op)));
  const parts = before ? partsOf(before) : [];
  const kept = repack || !hasRoomInKey(id) ? 0 : keptParts(sizes(parts), live, ctx.policy.smallPartBytes);
  const key = keyOf(kept > 0 ? beginningOf(parts.slice(0, kept)) : undefined);
  const base = before && baseOf(ctx.archives, before, kept, op);
  const writer = archiveWriter(key, body ?? fleetingBytes(ctx, state, op), ctx.codec, base, onRaw);
  return {
    writer,
    index(size) {
      const made = writer.index();
      const index = before ? joined(before, kept, made) : made;
      if (size === made.archiveBytes && index.rawBytes === (body ? archived : archived + live)) return index;
      throw mismatch(key, `took ${size} archive bytes and ${made.rawBytes} raw bytes, not as many as were sent`);
    },
  };
}

function sizes(parts: readonly PlacedPart[]): readonly number[] {
  return parts.map(({ rawBytes }) => rawBytes);
}

/** For a consumer that copies each chunk before it asks for the next: the chunk's memory is then given back. */
function fleetingBytes(ctx: Context, state: FileState, op: OpOptions | undefined): Bytes {
  if (!("blob" in state)) return bytesOf();
  const range = state.kind === "continuation" ? { start: state.from } : undefined;
  return releasing(unshared(ctx.blobs.read(state.blob, range, op)));
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
    if (segment.archiveOffset >= unproven) release(await inflateSegment(codec, index.key, segment, stored));
    release(stored);
  };
  const segments = storedSegments({ read }, index, index.segments, true, op);
  for await (const _ of mapOrdered(segments, check, codec.concurrency));
  if (crc !== index.archiveCrc32) throw mismatch(index.key, "came back with other bytes than were sent");
}

/** `CORRUPT`: the sink has other bytes than were sent. */
export function mismatch(key: string, what: string): ArchiverError {
  return new ArchiverError("CORRUPT", `Archive "${key}" ${what}; nothing was committed.`, { key });
}

/** Opens an archived file for a read of its end, without its whole index if that is lost or large. */
import { toBytes } from "../bytes.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, codeOf, hasCode } from "../errors.js";
import { scanEnd } from "../format/gzip/scan-end.js";
import type { Segment } from "../format/manifest.js";
import { decodeSegment } from "../format/manifest-file-decode.js";
import { lastKey } from "../format/parts.js";
import type { ReadIndex } from "../format/reader.js";
import type { OpOptions, StoredObject } from "../ports.js";
import { type ArchivedFile, lastKeyOf, manifestBytesOf, manifestKeyOf } from "../session/archived-file.js";
import { OUTPUT } from "../session/metadata.js";
import { indexFromManifest, openArchive } from "./archive-index.js";

/** A longer manifest takes longer to parse than a segment to inflate. */
const LONG_MANIFEST_BYTES = 128 * 1024;
/** How much of the manifest's end is searched for rows. */
const SEARCHED_BYTES = 64 * 1024;
/** Farther back than this from the known part, loading the whole index is faster. */
const NEAR_BYTES = 16 * 1024 * 1024;

/**
 * Returns an index covering at least `[from, end)`. Pass the previous result as `known` to extend it. `firstRaw` holds
 * the first segment's bytes if finding it required inflating it.
 */
export async function openArchiveEnd(
  ctx: Context,
  { id, meta }: Pick<StoredObject, "id" | "meta">,
  file: ArchivedFile,
  from: number,
  known: ReadIndex | undefined,
  op: OpOptions,
): Promise<ReadIndex> {
  const index =
    known && lastKey(known) === lastKeyOf(file)
      ? known
      : { ...file, ...NO_SEGMENTS, key: file.archiveKey, rawBytes: file.rawBytes };
  const start = index.segments[0]?.rawOffset ?? file.rawBytes;
  if (start <= from) return index;
  // A sidecar may contain parts of archives, with markers of their own.
  // Several parts are rare, and their manifest has them all.
  if (file.name !== OUTPUT || file.parts || start - from > NEAR_BYTES) return openArchive(ctx, id, meta, file, op);

  const key = manifestKeyOf(id, meta);
  // Metadata of an earlier version has no size.
  const stored = async (): Promise<number> => (key === undefined ? 0 : ((await ctx.archives.stat(key, op))?.size ?? 0));
  const size = manifestBytesOf(id, meta) ?? (await stored());
  let problem: unknown;
  let confirm = (segment: Segment): Segment | undefined => segment;
  try {
    if (key === undefined || size <= LONG_MANIFEST_BYTES) return await indexFromManifest(ctx, id, meta, file, op);
    const range = { start: size - SEARCHED_BYTES, end: size };
    confirm = rowsIn(await toBytes(ctx.archives.read(key, range, op)));
  } catch (error) {
    if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error;
    problem = error;
  }
  const end = await scanEnd(ctx.archives, ctx.codec, index, from, confirm, op);
  if (!end) return openArchive(ctx, id, meta, file, op);
  if (problem && index !== known)
    warn(ctx, id, end.segments[0]?.rawOffset === 0 ? problem : unproven(id, file, problem));
  return end;
}

function unproven(id: string, file: ArchivedFile, cause: unknown): ArchiverError {
  const message = `The end of "${file.archiveKey}" was read without its manifest: damage that still inflates goes unnoticed. Archive session "${id}" again: that checks every byte and makes the manifest anew.`;
  return new ArchiverError(codeOf(cause) ?? "CORRUPT", message, { id, key: file.archiveKey, cause });
}

const NO_SEGMENTS = { segments: [] };

/**
 * Finds a segment in the text of a manifest, which has one line per segment; `undefined` if no line has exactly its
 * values.
 */
function rowsIn(manifest: Uint8Array): (segment: Segment) => Segment | undefined {
  const text = new TextDecoder().decode(manifest);
  return ({ archiveOffset, archiveSize, rawOffset, rawSize, crc32 }) => {
    const at = text.lastIndexOf(`[${archiveOffset},${archiveSize},${rawOffset},${rawSize},`);
    const row = at === -1 ? undefined : rowIn(text.slice(at, text.indexOf("]", at) + 1));
    return row?.crc32 === crc32 ? row : undefined;
  };
}

function rowIn(text: string): Segment | undefined {
  try {
    return decodeSegment(JSON.parse(text));
  } catch {
    return undefined; // cut off, or not a row
  }
}

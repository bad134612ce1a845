/** Finds archived files whose manifest says other times than their lines do: earlier versions read times otherwise. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import { firstTimestamp } from "../../jsonl.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { openArchive } from "../../read/archive-index.js";
import { archivedFiles } from "../../session/archived-file.js";

/** Indexes by the name of the session's file. */
export type Indexes = ReadonlyMap<string, FileIndex>;

/**
 * The indexes with the right times, of those files alone whose times are wrong. Costs a read and inflation of all that is
 * archived, in the memory of one segment; nothing is changed.
 */
export async function mendedIndexes(ctx: Context, object: StoredObject, op: OpOptions): Promise<Indexes> {
  const { id, meta } = object;
  const mended = new Map<string, FileIndex>();
  for (const file of archivedFiles(id, meta)) {
    const index = await openArchive(ctx, id, meta, file, op);
    const segments = [];
    for (const segment of index.segments) {
      const range = { start: segment.rawOffset, end: segment.rawOffset + segment.rawSize };
      const raw = await toBytes(readArchive(ctx.archives, ctx.codec, index, range, op));
      segments.push({ ...segment, timestamp: firstTimestamp(raw) ?? null });
    }
    const isWrong = segments.some(({ timestamp }, i) => timestamp !== index.segments[i]?.timestamp);
    if (isWrong) mended.set(file.name, { ...index, segments });
  }
  return mended;
}

/** The bytes of one part of a session as a snapshot shows it, whatever its tombstone says. */
import type { Context } from "../context.js";
import { readArchive } from "../format/reader.js";
import type { Bytes, OpOptions } from "../ports.js";
import { type Part, sizesOf } from "../session.js";
import { openArchive } from "./archive-file.js";
import type { Snapshot } from "./snapshot.js";

/** Every archived byte is checked on the way: `CORRUPT` where one is not what was committed. */
export async function* contentOf(ctx: Context, { object }: Snapshot, part: Part, op: OpOptions): Bytes {
  const { archived, live } = sizesOf(part);
  if (archived > 0 && "file" in part && part.file) {
    const index = await openArchive(ctx, object.id, object.meta, part.file, op);
    yield* readArchive(ctx.archives, ctx.codec, index, { start: 0, end: index.rawBytes }, op);
  }
  if (live > 0 && "blob" in part) {
    yield* ctx.blobs.read(part.blob, part.kind === "tail" ? { start: part.from } : undefined, op);
  }
}

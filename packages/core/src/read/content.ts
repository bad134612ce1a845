/** The bytes of one part of a session as a snapshot shows it, whatever its tombstone says. */
import { bytesOf } from "../bytes.js";
import type { Context } from "../context.js";
import { readArchive } from "../format/reader.js";
import type { Bytes, OpOptions } from "../ports.js";
import { type Part, sizesOf } from "../session/file-state.js";
import type { Snapshot } from "../session/snapshot.js";
import { openArchive } from "./archive-index.js";

/** Every archived byte is checked on the way: `CORRUPT` where one is not what was committed. */
export async function* contentOf(ctx: Context, { object }: Snapshot, part: Part, op: OpOptions): Bytes {
  if (sizesOf(part).archived > 0 && "file" in part && part.file) {
    const index = await openArchive(ctx, object.id, object.meta, part.file, op);
    yield* readArchive(ctx.archives, ctx.codec, index, { start: 0, end: index.rawBytes }, op);
  }
  yield* liveBytes(ctx, part, op);
}

/** Live bytes, which the archive does not hold, have no checksum to be held against: they are read to the end. */
export function liveBytes(ctx: Context, part: Part, op: OpOptions): Bytes {
  if (part.kind === "live" || part.kind === "restored") return ctx.blobs.read(part.blob, undefined, op);
  return part.kind === "tail" ? ctx.blobs.read(part.blob, { start: part.from }, op) : bytesOf();
}

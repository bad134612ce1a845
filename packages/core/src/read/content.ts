/** The bytes of one part of a session as a snapshot shows it, whatever its tombstone says. */
import { bytesOf } from "../bytes.js";
import type { Context } from "../context.js";
import { readArchive } from "../format/reader.js";
import type { Bytes, OpOptions } from "../ports.js";
import { type FileState, sizesOf } from "../session/file-state.js";
import type { Snapshot } from "../session/snapshot.js";
import { openArchive } from "./archive-index.js";

/** Every archived byte is checked on the way: `CORRUPT` where one is not what was committed. */
export async function* contentOf(ctx: Context, { object }: Snapshot, state: FileState, op: OpOptions): Bytes {
  if (sizesOf(state).archived > 0 && "file" in state && state.file) {
    const index = await openArchive(ctx, object.id, object.meta, state.file, op);
    yield* readArchive(ctx.archives, ctx.codec, index, { start: 0, end: index.rawBytes }, op);
  }
  yield* liveBytes(ctx, state, op);
}

/** Live bytes, which the archive does not hold, have no checksum to be held against: they are read to the end. */
export function liveBytes(ctx: Context, state: FileState, op: OpOptions): Bytes {
  if (state.kind === "live" || state.kind === "restored") return ctx.blobs.read(state.blob, undefined, op);
  return state.kind === "continuation" ? ctx.blobs.read(state.blob, { start: state.from }, op) : bytesOf();
}

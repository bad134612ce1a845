/** Deletes a session's live bytes and archive objects. */
import type { Context } from "../../context.js";
import type { BlobRef, OpOptions } from "../../ports.js";
import { deleteIfUnchanged } from "../../session/delete-if-unchanged.js";

interface Freed {
  readonly live: number;
  readonly archive: number;
  /** `false`: a blob had grown or was replaced. */
  readonly all: boolean;
}

/** Deletes what is still as it was listed. `live` and `archive`: bytes that were freed. */
export async function deleteBytes(
  ctx: Context,
  blobs: readonly BlobRef[],
  keys: readonly string[],
  op: OpOptions,
): Promise<Freed> {
  const freed = { live: 0, archive: 0, all: true };
  for (const blob of blobs) {
    if (await deleteIfUnchanged(ctx, blob, op)) freed.live += blob.size;
    else freed.all = false;
  }
  for (const key of keys) {
    freed.archive += (await ctx.archives.stat(key, op))?.size ?? 0;
    await ctx.archives.delete(key, op);
  }
  return freed;
}

import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { BlobRef, OpOptions } from "../ports.js";

/** Whether this call deleted the blob; one that has grown or is gone is left to the next look. */
export async function deleteIfUnchanged(ctx: Context, blob: BlobRef, op: OpOptions): Promise<boolean> {
  try {
    await ctx.blobs.delete(blob, op);
    return true;
  } catch (error) {
    if (hasCode(error, "CONFLICT", "NOT_FOUND")) return false;
    throw error;
  }
}

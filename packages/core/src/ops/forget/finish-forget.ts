/** The second half of forgetting: deletes everything that the session has, and leaves a tombstone without content. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { OpOptions } from "../../ports.js";
import type { Unforgotten } from "../../run-records/redact.js";
import { blobsOf, busy, MAX_TRIES } from "../../session/snapshot.js";
import { isForgetting } from "../../session/state.js";
import { asForgotten } from "../../session/transitions/forgotten.js";
import { deleteBytes } from "../remove/delete-bytes.js";
import { sessionKeys } from "./session-keys.js";

export interface ForgetResult {
  readonly id: string;
  readonly liveBytesFreed: number;
  /** Bytes deleted from the sink. */
  readonly archiveBytesFreed: number;
  /** What may still say something of the session, and could not be understood or changed. */
  readonly left: readonly Unforgotten[];
}

/** Finishes what was begun; does nothing if the session is not being forgotten any more. */
export async function finishForget(ctx: Context, id: string, op: OpOptions): Promise<ForgetResult> {
  let liveBytesFreed = 0;
  let archiveBytesFreed = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const blobs = await blobsOf(ctx, id, op);
    // Read after the blobs: if the mark is still there, they are not those of a session that lives again.
    const object = await ctx.objects.get(id, op);
    if (!object || !isForgetting(object.meta)) return { id, liveBytesFreed, archiveBytesFreed, left: [] };
    const freed = await deleteBytes(ctx, blobs, await sessionKeys(ctx, id, op), op);
    liveBytesFreed += freed.live;
    archiveBytesFreed += freed.archive;
    if (!freed.all) continue;
    const left = await ctx.records.redact(id, op);
    try {
      await ctx.objects.put(id, asForgotten(object.meta), object.version, op);
      ctx.emit({ type: "forgotten", id, liveBytesFreed, archiveBytesFreed });
      return { id, liveBytesFreed, archiveBytesFreed, left };
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
  throw busy(id);
}

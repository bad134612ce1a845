/**
 * A pass of `verify` over the whole store, which may take many calls. The store's own notes keep when it began; what it
 * has found whole is noted in each session.
 */
import { type Context, warn } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { Meta, OpOptions } from "../../ports.js";
import { lastFoundWhole } from "../../session/known-whole.js";

export interface Pass {
  /** Whether a session with this metadata was found whole in this pass, or archived and read back. */
  holds(meta: Meta): boolean;
  /** Ends it; the next one begins anew. A failure is a warning: all has been verified. */
  close(): Promise<void>;
}

/** The pass that is open, or a new one. `INVALID_ARGUMENT` if the store can't keep it. */
export async function openPass(ctx: Context, op: OpOptions): Promise<Pass> {
  const now = ctx.now();
  // One that began in the future was begun by a clock that was wrong: nothing would ever be known since then.
  const isOpen = (since: number | null | undefined): since is number => typeof since === "number" && since <= now;
  const noted = (await ctx.notes.read(op))?.verifyingSince;
  const since = isOpen(noted) ? noted : await begin(ctx, now, isOpen, op);
  return {
    holds(meta) {
      const at = lastFoundWhole(meta);
      return at !== undefined && at >= since && at <= ctx.now();
    },
    async close() {
      try {
        // Another call may have closed this one, and begun the next.
        await ctx.notes.change(({ verifyingSince }) => (verifyingSince === since ? { verifyingSince: null } : {}));
      } catch (error) {
        warn(ctx, undefined, error);
      }
    },
  };
}

async function begin(
  ctx: Context,
  now: number,
  isOpen: (since: number | null) => boolean,
  op: OpOptions,
): Promise<number> {
  const notes = await ctx.notes.change(
    ({ verifyingSince }) => ({ verifyingSince: isOpen(verifyingSince) ? verifyingSince : now }),
    op,
  );
  if (notes) return notes.verifyingSince ?? now;
  throw new ArchiverError(
    "INVALID_ARGUMENT",
    "This store keeps no metadata of its own, so it can't keep how far a pass of verify has come: verify all of it at once, or samples.",
  );
}

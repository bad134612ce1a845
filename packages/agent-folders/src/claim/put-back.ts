/** Takes a claim back in a later run. */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { ClaimContext, ClaimResult, HeldPart } from "./claim-types.js";
import { placeOf } from "./place-of.js";
import { PROOF_ONLY } from "./release-copies.js";
import { backResult, publishAndRelease } from "./settle-place.js";

/** See `ClaimRule.putBack`. */
export async function putBack(ctx: ClaimContext, parts: readonly HeldPart[], op: OpOptions): Promise<ClaimResult> {
  const place = placeOf(parts);
  throwIfAborted(op.signal);
  return backResult(ctx, place, await publishAndRelease(ctx, place, PROOF_ONLY, op));
}

/** Puts back all that a claim has taken. */
import type { ClaimContext, ClaimResult } from "./claim-types.js";
import type { Place } from "./place.js";
import { PROOF_ONLY } from "./release-copies.js";
import { backResult, publishAndRelease } from "./settle-place.js";

/** Each place by itself: what fails at one of them must not keep another file aside. An abort does not stop it. */
export async function backOut(ctx: ClaimContext, places: readonly Place[], why: string): Promise<ClaimResult> {
  const reasons = [why];
  let heldDiskBytes = 0;
  for (const place of places) {
    try {
      const result = await backResult(ctx, place, await publishAndRelease(ctx, place, PROOF_ONLY, {}));
      heldDiskBytes += result.heldDiskBytes;
      if (result.reason !== undefined) reasons.push(`"${place.path}" is still aside: ${result.reason}`);
    } catch (error) {
      reasons.push(`"${place.path}" may still be aside: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const outcome = reasons.length === 1 ? "back" : "held";
  return { outcome, reason: reasons.join("; "), freedDiskBytes: 0, heldDiskBytes };
}

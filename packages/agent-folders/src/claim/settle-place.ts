/** Brings the parts of one place to their end, as far as it can be reached now. */
import type { OpOptions } from "@session-archiver/core";
import type { ClaimContext, ClaimResult } from "./claim-types.js";
import { partsOf, removeEmptyFolders } from "./held.js";
import type { Place } from "./place.js";
import { publish } from "./publish.js";
import { type Released, type ReleaseTerms, releaseCopies } from "./release-copies.js";

export interface Settled extends Released {
  /** Why some bytes are only aside. */
  readonly reason?: string | undefined;
}

/** Publishes what is aside, and releases what is elsewhere now. A part that changes at that moment is published, too. */
export async function publishAndRelease(
  ctx: ClaimContext,
  place: Place,
  terms: ReleaseTerms,
  op: OpOptions,
): Promise<Settled> {
  const { reason } = await publish(ctx, place);
  const released = await releaseCopies(ctx, place, terms, op);
  // Fewer parts may fit into a name.
  const isNew = released.ends.includes("changed") || (reason !== undefined && released.ends.includes("released"));
  if (isNew) return { ...released, reason: (await publish(ctx, place)).reason };
  const differs = released.ends.includes("differs") ? "it was changed since it was copied" : undefined;
  return { ...released, reason: reason ?? differs };
}

/** What is still aside of the place. Its folders go if nothing is. */
export async function heldBytes({ files }: ClaimContext, place: Place): Promise<number> {
  const parts = await partsOf(files, place);
  if (parts.length === 0) await removeEmptyFolders(files, place);
  return parts.reduce((sum, { look }) => sum + look.diskBytes, 0);
}

/** The result for parts that were to go back to their place. */
export async function backResult(ctx: ClaimContext, place: Place, settled: Settled): Promise<ClaimResult> {
  const { reason, freedDiskBytes } = settled;
  const heldDiskBytes = await heldBytes(ctx, place);
  return { outcome: reason === undefined ? "back" : "held", reason, freedDiskBytes, heldDiskBytes };
}

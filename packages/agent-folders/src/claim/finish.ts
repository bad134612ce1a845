/** Ends a claim in a later run. */
import type { OpOptions } from "@session-archiver/core";
import type { ClaimContext, ClaimResult, Extent, HeldPart } from "./claim-types.js";
import { extentOf, isSameExtent } from "./content.js";
import { partsOf } from "./held.js";
import { withOpened } from "./opened.js";
import { type Place, placePath } from "./place.js";
import { placeOf } from "./place-of.js";
import { releaseCopies } from "./release-copies.js";
import { heldBytes, publishAndRelease, type Settled } from "./settle-place.js";

/** See `ClaimRule.finish`. */
export async function finish(
  context: ClaimContext,
  parts: readonly HeldPart[],
  archived: Extent | undefined,
  op: OpOptions,
): Promise<ClaimResult> {
  // A machine that sleeps for a day in the middle makes no part old that another run has just taken.
  const began = context.now();
  const ctx = { ...context, now: () => began };
  const place = placeOf(parts);
  const terms = { archived, canBeOld: true };
  if (!(await canStayAside(ctx, place, archived, op))) {
    return result(ctx, place, await publishAndRelease(ctx, place, terms, op));
  }
  const released = await releaseCopies(ctx, place, terms, op);
  if (released.ends.includes("changed")) return result(ctx, place, await publishAndRelease(ctx, place, terms, op));
  return result(ctx, place, released);
}

/** The usual case: one original, whose bytes are all archived, and nothing at its place. */
async function canStayAside(
  ctx: ClaimContext,
  place: Place,
  archived: Extent | undefined,
  op: OpOptions,
): Promise<boolean> {
  const [part, ...others] = await partsOf(ctx.files, place);
  if (!part || others.length > 0 || part.kind === "whole" || part.copied || !archived) return false;
  if (part.look.size !== archived.size || (await ctx.files.look(placePath(place)))) return false;
  return withOpened(ctx.files, async (opened) => {
    const file = await opened.open(part.location);
    return file !== undefined && isSameExtent(await extentOf(file, archived.size, op), archived);
  });
}

async function result(
  ctx: ClaimContext,
  place: Place,
  { freedDiskBytes, ends, reason }: Settled,
): Promise<ClaimResult> {
  const heldDiskBytes = await heldBytes(ctx, place);
  const isAside = (await partsOf(ctx.files, place)).length > 0;
  const isThere = (await ctx.files.look(placePath(place))) !== undefined;
  if (isThere && (!isAside || reason === undefined)) return { outcome: "back", freedDiskBytes, heldDiskBytes };
  if (!isAside) return { outcome: "freed", freedDiskBytes, heldDiskBytes };
  const why = ends.includes("somebody") ? "a program has it open" : "it was not aside for 24 hours yet";
  return { outcome: "held", reason: reason ?? why, freedDiskBytes, heldDiskBytes };
}

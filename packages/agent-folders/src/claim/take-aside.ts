/** Moves one file aside, and looks again whether it is the file that is archived. */
import type { OpOptions } from "@session-archiver/core";
import type { OpenFile } from "../files.js";
import type { ClaimContext, Claimed } from "./claim-types.js";
import { extentOf, isSameExtent } from "./content.js";
import { newPart } from "./held.js";
import { heldFolder, placePath } from "./place.js";
import { isSameLook, type Releasable } from "./release.js";

export interface Open {
  readonly claimed: Claimed;
  readonly file: OpenFile;
}

/** The part; or what was found, and everything must go back. */
export async function takeAside(
  ctx: ClaimContext,
  { claimed, file }: Open,
  op: OpOptions,
): Promise<Releasable | string> {
  const location = newPart(ctx, claimed, "original", []);
  if (!(await ctx.files.rename(placePath(claimed), location))) return `"${claimed.path}" was taken away`;
  await ctx.files.sync(heldFolder(claimed));
  const moved = await ctx.files.look(location);
  // The rename has changed the ctime.
  const look = await file.look();
  if (moved?.identity !== look.identity) return `"${claimed.path}" was replaced by another file`;
  const isArchived =
    isSameLook(look, claimed.look) && look.links === 1 && isSameExtent(await extentOf(file, claimed.size, op), claimed);
  const after = await file.look();
  if (!isArchived || !isSameLook(after, look)) return `"${claimed.path}" was written to while it was taken`;
  // The ctime of before: had it changed while the bytes were read, they are read again.
  return { place: claimed, location, file, look, extent: claimed, isOld: false };
}

/** Releases parts whose bytes are elsewhere: archived, or in a file that was published. */
import type { OpOptions } from "@session-archiver/core";
import type { ClaimContext, Extent, HeldPart } from "./claim-types.js";
import { extentOf, isSameExtent, judge, type Piece } from "./content.js";
import { partsOf } from "./held.js";
import { type Opened, withOpened } from "./opened.js";
import { type Place, placePath } from "./place.js";
import { type Release, release } from "./release.js";

export interface ReleaseTerms {
  /** What the archive holds of the file. */
  readonly archived: Extent | undefined;
  /** Whether parts that are old enough may go without proof. */
  readonly canBeOld: boolean;
}

/** For parts that go back: the archive may not have all of their bytes. */
export const PROOF_ONLY: ReleaseTerms = { archived: undefined, canBeOld: false };

export interface Released {
  readonly freedDiskBytes: number;
  /** What became of each part. differs: its bytes are not known to be elsewhere, and it stays. */
  readonly ends: readonly (Release | "differs")[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Each part by itself. A whole that waits to be published is a part as well, and holds the bytes of those marked. */
export async function releaseCopies(
  ctx: ClaimContext,
  place: Place,
  terms: ReleaseTerms,
  op: OpOptions,
): Promise<Released> {
  const parts = await partsOf(ctx.files, place);
  const ends: (Release | "differs")[] = [];
  let freedDiskBytes = 0;
  for (const part of parts) {
    const end = await releaseOne(ctx, place, part, terms, op);
    if (end) ends.push(end);
    if (end === "released") freedDiskBytes += part.look.diskBytes;
  }
  return { freedDiskBytes, ends };
}

async function releaseOne(
  ctx: ClaimContext,
  place: Place,
  part: HeldPart,
  { archived, canBeOld }: ReleaseTerms,
  op: OpOptions,
): Promise<Release | "differs" | undefined> {
  return withOpened(ctx.files, async (opened) => {
    const file = await opened.open(part.location);
    if (!file) return undefined;
    const look = await file.look();
    const extent = await extentOf(file, look.size, op);
    const isElsewhere =
      [part.copied, archived].some((known) => known && isSameExtent(known, extent)) ||
      (await isIn(ctx, await published(ctx, place, opened), { file, start: 0, end: look.size }));
    if (!isElsewhere || extent.size !== look.size) return "differs";
    const isOld = canBeOld && isOldEnough(part, ctx.now());
    return release(ctx, [{ place, location: part.location, file, look, extent, copied: part.copied, isOld }], op);
  });
}

async function published(ctx: ClaimContext, place: Place, opened: Opened): Promise<Piece | undefined> {
  const path = placePath(place);
  return (await ctx.files.look(path))?.kind === "file" ? opened.piece(path) : undefined;
}

/** Whether the published file begins with all bytes of the part. */
async function isIn(ctx: ClaimContext, published: Piece | undefined, part: Piece): Promise<boolean> {
  if (!published || published.end < part.end) return false;
  return part.end === 0 || (await judge(ctx, [part], published)) === "superset";
}

/** A part from the future is not old, whatever has happened to the clock. */
export function isOldEnough({ at }: HeldPart, now: number): boolean {
  return now - at >= DAY_MS;
}

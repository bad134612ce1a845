/** Ends what a crash has left half done among the parts of a place. */
import type { FileLook } from "../files.js";
import type { ClaimContext, HeldPart } from "./claim-types.js";
import { COVERS_NOTED, copiedPath, coveringPath } from "./part-names.js";
import { folderOf, heldFolder, type Place, placePath } from "./place.js";

/** The newest whole that is complete. */
export function baseOf(parts: readonly HeldPart[]): HeldPart | undefined {
  return parts.filter(({ covers }) => covers).at(-1);
}

/** Does one thing, and says so; `false` if there is nothing to do. */
export async function tidy(
  ctx: ClaimContext,
  place: Place,
  parts: readonly HeldPart[],
  there: FileLook | undefined,
): Promise<boolean> {
  return (await dropTorn(ctx, parts)) || (await noteCopied(ctx, place, parts)) || dropTwin(ctx, place, parts, there);
}

/** A whole that may have been cut short: the parts have all of its bytes. */
async function dropTorn({ files }: ClaimContext, parts: readonly HeldPart[]): Promise<boolean> {
  const torn = parts.filter(({ kind, covers }) => kind === "whole" && !covers);
  for (const { location } of torn) await files.unlink(location);
  return torn.length > 0;
}

/** Writes into the names of older parts what the whole holds of them, before the whole leaves for its place. */
async function noteCopied({ files }: ClaimContext, place: Place, parts: readonly HeldPart[]): Promise<boolean> {
  const base = baseOf(parts);
  const older = base ? parts.slice(0, parts.indexOf(base)) : [];
  const renames = older.flatMap(({ location }, index) => {
    const copied = base?.covers?.[index];
    const to = copied ? copiedPath(location, copied) : location;
    return to === location ? [] : [{ from: location, to }];
  });
  if (!base || isNoted(base)) return false;
  for (const { from, to } of renames) await files.rename(from, to);
  await files.sync(heldFolder(place));
  await files.rename(base.location, coveringPath(base.location, COVERS_NOTED));
  return true;
}

/** Whether the names of older parts say already what a whole holds of them. */
export function isNoted({ covers }: HeldPart): boolean {
  return covers?.every((extent) => extent === undefined) === true;
}

/** A crash between a link and an unlink leaves two names of one file. */
async function dropTwin(
  { files }: ClaimContext,
  place: Place,
  parts: readonly HeldPart[],
  there: FileLook | undefined,
): Promise<boolean> {
  const twin = parts.find(({ look }) => look.identity === there?.identity);
  if (!twin) return false;
  await files.sync(folderOf(placePath(place)));
  await files.unlink(twin.location);
  return true;
}

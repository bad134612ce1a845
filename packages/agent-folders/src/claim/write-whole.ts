/** Makes one file of several parts. */
import type { FileLook } from "../files.js";
import type { ClaimContext, Extent, HeldPart } from "./claim-types.js";
import { extentOf, readPieces } from "./content.js";
import { piecesOf } from "./fold.js";
import { newPart } from "./held.js";
import type { Source } from "./opened.js";
import { coveringPath, hasRoom } from "./part-names.js";
import { heldFolder, type Place } from "./place.js";

/**
 * Writes the whole under a name that says nothing of its parts, so that a later run knows that it may be cut short. The
 * rename that adds what it holds of each part is what makes it count. `false`: they are too many for one name.
 */
export async function writeWhole(
  ctx: ClaimContext,
  place: Place,
  parts: readonly HeldPart[],
  content: readonly Source[],
): Promise<boolean> {
  const { files } = ctx;
  const path = newPart(ctx, place, "whole", parts);
  const copies = parts.map((part) => content.find((source) => source.part === part));
  const covers = await coversOf(copies);
  if (!hasRoom(path, covers)) return false;
  const looks = content.map(({ part }) => part.look);
  const mtimeMs = Math.max(...looks.map(({ mtimeNs }) => Number(BigInt(mtimeNs) / 1_000_000n)));
  await files.write(path, readPieces(piecesOf(content)), { mode: modeOf(looks[0]), mtimeMs });
  const after = coveringPath(path, await coversOf(copies));
  // A part that was changed in place meanwhile is copied again.
  if (after === coveringPath(path, covers)) await files.rename(path, after);
  await files.sync(heldFolder(place));
  return true;
}

async function coversOf(copies: readonly (Source | undefined)[]): Promise<(Extent | undefined)[]> {
  const covers: (Extent | undefined)[] = [];
  for (const source of copies) covers.push(source && (await extentOf(source.piece.file, source.piece.end)));
  return covers;
}

/** As it was, but never executable, and always writable by its owner, as programs need it to be resumed. */
export function modeOf(look: FileLook | undefined): number {
  return ((look?.mode ?? 0) & 0o666) | 0o600;
}

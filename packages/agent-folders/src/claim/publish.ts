/** Brings what is held of a place back to it: one whole file, by link, never over anything. */
import type { ClaimContext, HeldPart } from "./claim-types.js";
import { judge } from "./content.js";
import { fold, piecesOf } from "./fold.js";
import { makeFolders, newPart, partsOf } from "./held.js";
import { type Opened, withOpened } from "./opened.js";
import { COVERS_NOTED, coveringPath } from "./part-names.js";
import { folderOf, heldFolder, type Place, placePath } from "./place.js";
import { sourcesOf } from "./sources.js";
import { baseOf, isNoted, tidy } from "./tidy.js";
import { writeWhole } from "./write-whole.js";

/** How a step ended: there is more to do, or it is done, or it can't be done for this reason. */
type Step = "more" | { readonly reason?: string };

/** A fragment that comes first takes about five steps. */
const STEPS_MAX = 60;
const FOLDER_MODE = 0o700;

/** `reason`: why some bytes are still only aside. Each step reads anew what is there, so that it can follow any other. */
export async function publish(ctx: ClaimContext, place: Place): Promise<{ readonly reason?: string }> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = await publishStep(ctx, place);
    if (step !== "more") return step;
  }
  return { reason: "programs kept writing to its place" };
}

async function publishStep(ctx: ClaimContext, place: Place): Promise<Step> {
  const parts = await partsOf(ctx.files, place);
  const there = await ctx.files.look(placePath(place));
  const base = baseOf(parts);
  if (parts.length === 0) return {};
  const isComplete = !base || isNoted(base) || parts.indexOf(base) === base.covers?.length;
  if (!isComplete) return { reason: "a part that belongs to it is not there" };
  if (await tidy(ctx, place, parts, there)) return "more";
  if (there && there.kind !== "file") return { reason: `no plain file, but a ${there.kind}, is at its place` };
  return withOpened(ctx.files, (opened) => advance(ctx, place, parts, opened));
}

async function advance(ctx: ClaimContext, place: Place, parts: readonly HeldPart[], opened: Opened): Promise<Step> {
  const now = await opened.piece(placePath(place));
  const sources = await sourcesOf(ctx, parts, now, opened);
  if (sources === "gone") return "more";
  if (sources === "needs the place") return take(ctx, place, parts, "whole");
  const { content, left } = await fold(ctx, sources.used);
  const [first] = content;
  if (!first) return whyLeft(sources.left);
  if (now) {
    const verdict = await judge(ctx, piecesOf(content), now);
    if (verdict === "superset") return whyLeft([...sources.left, ...left]);
    if (verdict === "other") return { reason: "another file was put in its place" };
    return take(ctx, place, parts, "fragment");
  }
  if (content.length === 1 && first.piece.start === 0) return give(ctx, place, first.part);
  const isWritten = await writeWhole(ctx, place, parts, content);
  return isWritten ? "more" : { reason: `it lies in ${parts.length} pieces, too many for one name` };
}

function whyLeft(left: readonly HeldPart[]): Step {
  return left.length === 0 ? {} : { reason: "another content of the file at its place is aside" };
}

/** Takes what is at the place aside, to make one file of it and of the parts. A whole has what was copied before. */
async function take(
  ctx: ClaimContext,
  place: Place,
  parts: readonly HeldPart[],
  kind: "fragment" | "whole",
): Promise<Step> {
  const path = newPart(ctx, place, kind, parts);
  const to = kind === "whole" ? coveringPath(path, COVERS_NOTED) : path;
  if (await ctx.files.rename(placePath(place), to)) await ctx.files.sync(heldFolder(place));
  return "more";
}

/** If something came to the place first, the next step sees it; else it sees two names of one file. */
async function give({ files }: ClaimContext, place: Place, part: HeldPart): Promise<Step> {
  const path = placePath(place);
  if (!(await makeFolders(files, place.root, folderOf(path), FOLDER_MODE))) {
    return { reason: "a folder on the way to its place is a link or a file now" };
  }
  await files.link(part.location, path);
  return "more";
}

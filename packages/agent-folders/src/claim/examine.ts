/** Looks whether a file is the one whose bytes are archived, before anything is moved. */
import { hasCode, type OpOptions } from "@session-archiver/core";
import type { FileLook, OpenFile } from "../files.js";
import type { ClaimContext, Claimed } from "./claim-types.js";
import { extentOf, isSameExtent } from "./content.js";
import { isReached, partsOf } from "./held.js";
import type { Opened } from "./opened.js";
import { folderOf, placePath } from "./place.js";
import { isSameLook } from "./release.js";

/** The file, which stays open; or why it is not to be claimed. */
export async function examine(
  ctx: ClaimContext,
  claimed: Claimed,
  opened: Opened,
  op: OpOptions,
): Promise<OpenFile | string> {
  const path = placePath(claimed);
  if (!(await isReached(ctx.files, claimed.root, folderOf(path))))
    return `a folder of "${claimed.path}" is a link or gone`;
  if ((await partsOf(ctx.files, claimed)).length > 0)
    return `an earlier claim of "${claimed.path}" is to be ended first`;
  const file = await opened.open(path).catch(notPlain);
  if (!file) return `"${claimed.path}" is gone, or no plain file`;
  const look = await file.look();
  const isArchived =
    isUntouched(look, claimed.look) &&
    look.size === claimed.size &&
    isSameExtent(await extentOf(file, look.size, op), claimed) &&
    isUntouched(await file.look(), claimed.look);
  if (!isArchived) return `"${claimed.path}" is not the file that is archived: it was changed since`;
  return look.links === 1 ? file : `"${claimed.path}" has several names`;
}

function isUntouched(now: FileLook, archived: FileLook): boolean {
  return now.kind === "file" && isSameLook(now, archived) && now.ctimeNs === archived.ctimeNs;
}

function notPlain(error: unknown): undefined {
  if (hasCode(error, "CONFLICT")) return undefined;
  throw error;
}

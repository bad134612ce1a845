/** Removes the folders in which nothing is held aside any more: a run that is cut short may leave them. */
import { heldFolder } from "../claim/place.js";
import type { Files } from "../files.js";

/** Only empty folders go, so nothing that is held is touched. */
export async function tidyHeld(files: Files, root: string): Promise<void> {
  const top = heldFolder({ root, path: "" });
  if ((await files.look(top))?.kind === "folder") await removeEmpty(files, top);
}

async function removeEmpty(files: Files, folder: string): Promise<boolean> {
  let isEmpty = true;
  for (const name of await files.list(folder)) {
    const path = `${folder}/${name}`;
    const isGone = (await files.look(path))?.kind === "folder" && (await removeEmpty(files, path));
    isEmpty &&= isGone;
  }
  return isEmpty && files.removeFolder(folder);
}

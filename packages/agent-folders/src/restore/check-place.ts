/** Checks the place of a file that is to be put back: nothing that a note says is trusted. */
import { dirname } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import { HELD_FOLDER } from "../claim/place.js";
import type { FileLook } from "../files.js";
import type { FolderHost } from "../host.js";
import { locationIn, rootNamed } from "../paths.js";
import type { Place } from "../source.js";

/**
 * Resolves to the absolute path. `INVALID_ARGUMENT` for a path that leads out of the root or has a name that is never
 * touched, `CONFLICT` if a link or a file stands where one of its folders should be.
 */
export async function checkedLocation(
  { files, isDenied }: FolderHost,
  place: Place,
  { root: name, path }: { readonly root: string; readonly path: string },
  is: "file" | "folder" = "file",
): Promise<string> {
  const root = rootNamed(place, name);
  const location = locationIn(root, path);
  if (isDenied(path) || path.split("/")[0]?.toLowerCase() === HELD_FOLDER) {
    throw new ArchiverError("INVALID_ARGUMENT", `"${path}" has a name that is never written to.`);
  }
  if (is === "file" && place.source.owns?.(name, path) === false) {
    const message = `"${path}" is no place of a session of ${place.source.label}: nothing is written there.`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  for (let folder = dirname(location); folder.length > root.path.length; folder = dirname(folder)) {
    const look = await files.look(folder);
    if (look && look.kind !== "folder") throw inTheWay(folder, look);
  }
  return location;
}

export function inTheWay(location: string, { kind }: Pick<FileLook, "kind">): ArchiverError {
  const what = kind === "link" ? "a link" : kind === "folder" ? "a folder" : "another file";
  const message = `"${location}" is ${what}, where a file of the session is to be put back: move it away and try again.`;
  return new ArchiverError("CONFLICT", message);
}

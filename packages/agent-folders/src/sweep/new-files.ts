/** Whether a unit's folders hold more than it had when it was looked at. */
import type { FolderHost } from "../host.js";
import { keyOf } from "../paths.js";
import type { LeftOut, Place, Unit } from "../source.js";
import { locationOf } from "./mirror-unit.js";

/** The path of a new file or folder; `undefined`: there is none. `leftOut`: what scans pass over. */
export async function newFileIn(
  { files }: FolderHost,
  place: Place,
  { members, folders }: Unit,
  leftOut: readonly LeftOut[],
): Promise<string | undefined> {
  if (folders.length === 0) return undefined;
  const known = new Set([...members, ...folders, ...leftOut].map(({ root, path }) => keyOf(root, path)));
  for (const folder of folders) {
    for (const name of await files.list(locationOf(place, folder))) {
      const path = `${folder.path}/${name}`;
      if (!known.has(keyOf(folder.root, path))) return path;
    }
  }
  return undefined;
}

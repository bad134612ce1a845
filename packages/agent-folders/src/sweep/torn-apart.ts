/** Units of which only a part is in its place: a unit is taken, and put back, as a whole. */
import type { FolderHost } from "../host.js";
import type { OriginalMember, Originals } from "../originals.js";
import { keyOf } from "../paths.js";
import type { Place } from "../source.js";
import { locationOf } from "./mirror-unit.js";

/** Whether some files are in their places and others are not. What is held of a file at its place does not count. */
export async function isTornApart(
  host: FolderHost,
  place: Place,
  originals: Originals,
  held: readonly Pick<OriginalMember, "root" | "path">[],
): Promise<boolean> {
  const aside = new Set(held.map(({ root, path }) => keyOf(root, path)));
  let here = 0;
  let away = 0;
  for (const member of Object.values(originals.members)) {
    if (!(await isHere(host, place, member))) away++;
    else if (!aside.has(keyOf(member.root, member.path))) here++;
  }
  return here > 0 && away > 0;
}

export async function isAnyHere(host: FolderHost, place: Place, { members }: Originals): Promise<boolean> {
  for (const member of Object.values(members)) if (await isHere(host, place, member)) return true;
  return false;
}

async function isHere({ files }: FolderHost, place: Place, member: OriginalMember): Promise<boolean> {
  return (await files.look(locationOf(place, member))) !== undefined;
}

/** One session, two homes: the files of the one that is archived are not taken for those of the other. */

import { join } from "node:path";
import type { KnownSession } from "../catalogue.js";
import type { FolderHost } from "../host.js";

import type { Place, Unit } from "../source.js";
import type { Verdict } from "./judge-unit.js";

/**
 * Why the unit is left: the session's files belong into another home that is still there, and this is a copy of it. What
 * is noted of their places must not be lost. A home that has moved as a whole is no other one.
 */
export async function elsewhere(
  { files }: FolderHost,
  place: Place,
  unit: Unit,
  { originals }: KnownSession,
): Promise<Verdict | undefined> {
  const isHere = !originals || (originals.source === place.source.name && originals.home === place.home);
  if (isHere) return undefined;
  for (const { root, path } of Object.values(originals.members)) {
    const look = await files.look(join(originals.home, root, path));
    // The same folder, named in another way.
    if (look && unit.members.some((member) => member.look.identity === look.identity)) return undefined;
  }
  if (!(await files.look(originals.home))) return undefined;
  return { action: "leave", reason: "elsewhere", why: `it belongs into "${originals.home}", and this is a copy of it` };
}

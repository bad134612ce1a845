/**
 * Sessions that earlier imports have made of a unit's other files, such as those of subagents. Once the unit's archive
 * has their bytes, they are removed, so that nothing is there twice.
 */
import { basename } from "node:path";
import { type Archiver, hasCode, type OpOptions, OUTPUT } from "@session-archiver/core";
import { areEqual, KEY } from "@session-archiver/core/format";
import type { Catalogue, KnownSession } from "../catalogue.js";
import { locationIn, rootNamed } from "../paths.js";
import type { Member, Place, Unit } from "../source.js";

/** A session, and the file of the unit that it was made of. */
export interface SubagentSession extends KnownSession {
  readonly member: Pick<Member, "root" | "path">;
}

/** `members`: the transcript first. */
export function subagentSessions(
  catalogue: Catalogue,
  place: Place,
  unit: Pick<Unit, "id"> & { readonly members: readonly Pick<Member, "root" | "path">[] },
): readonly SubagentSession[] {
  const found: SubagentSession[] = [];
  for (const member of unit.members.slice(1)) {
    if (!member.path.endsWith(".jsonl")) continue;
    const location = locationIn(rootNamed(place, member.root), member.path);
    const named = catalogue.get(`${unit.id}/${basename(member.path, ".jsonl")}`);
    const sessions = new Set([...catalogue.importedFrom(location), ...(named ? [named] : [])]);
    for (const session of sessions) {
      // A session with originals of its own is a unit.
      if (session.id !== unit.id && !session.originals) found.push({ ...session, member });
    }
  }
  return found;
}

/**
 * Removes the session if the unit's archive begins with all of its bytes. It stays if it holds anything else: other
 * bytes, earlier versions, what a salvage has noted; or if its user has restored, pinned or pruned it. Resolves to
 * whether it was removed.
 */
export async function adoptSubagent(
  archiver: Archiver,
  { id }: KnownSession,
  unit: { readonly sessionId: string; readonly name: string },
  op: OpOptions,
): Promise<boolean> {
  try {
    const info = await archiver.info(id, op);
    const isUsers = info.pinned || info.state === "pruned" || info.meta[KEY.restoredAt] != null;
    const hasMore =
      info.versions.length > 0 || info.salvaged.length > 0 || info.lost !== null || (await hasOthers(archiver, id, op));
    if (isUsers || hasMore) return false;
    const range = { start: 0, end: info.rawBytes };
    const archived = archiver.read(unit.sessionId, { name: unit.name, range, ...op });
    if (!(await areEqual(archiver.read(id, op), archived))) return false;
    // It has not gone on while it was compared.
    const now = await archiver.info(id, op);
    if (now.rawBytes !== info.rawBytes || now.state !== info.state) return false;
    await addAlias(archiver, unit.sessionId, id, op);
    await archiver.remove(id, op);
    return true;
  } catch (error) {
    // It stays, and nothing is lost by that: it was removed meanwhile, is damaged, or holds what nothing explains.
    if (hasCode(error, "NOT_FOUND", "CORRUPT", "PRUNED", "CONFLICT")) return false;
    throw error;
  }
}

/** Whether it has other files than an output, or archives that its user has asked to keep. */
async function hasOthers(archiver: Archiver, id: string, op: OpOptions): Promise<boolean> {
  const { live, archive, kept } = await archiver.files(id, op);
  return kept.length > 0 || [...live, ...archive].some(({ name }) => name !== OUTPUT);
}

async function addAlias(archiver: Archiver, id: string, alias: string, op: OpOptions): Promise<void> {
  await archiver.update(
    id,
    (meta) => {
      const aliases = Array.isArray(meta[KEY.aliases]) ? (meta[KEY.aliases] as readonly string[]) : [];
      return aliases.includes(alias) ? meta : { ...meta, [KEY.aliases]: [...aliases, alias] };
    },
    op,
  );
}

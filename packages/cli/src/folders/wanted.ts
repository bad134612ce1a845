/** What a sweep of agents' folders is to look at: by its options, or by the ids of sessions. */
import { type FolderHost, originalsIn, type Place, type UnitFilter } from "@session-archiver/agent-folders";
import type { CommandContext } from "../command.js";
import { type IdOptions, namedSessions } from "../ids.js";
import { UsageError } from "../usage-error.js";
import { placesNamed } from "./sources-option.js";
import type { Wanted } from "./sweep-folders.js";

export interface FolderOptions {
  readonly source: readonly string[];
  readonly inactiveDays?: number;
  readonly keepOriginals?: true;
  readonly keepLast?: number;
  readonly keepWithin?: number;
  readonly only?: readonly UnitFilter[];
  readonly exclude?: readonly UnitFilter[];
}

export async function wantedByOptions(
  context: CommandContext,
  { files }: FolderHost,
  { source, inactiveDays, keepLast, keepWithin, ...options }: FolderOptions,
): Promise<Wanted> {
  const places = await placesNamed(context, files, source);
  if (places.length === 0) throw new UsageError("--source names no folder: claude-code, codex, or a path.");
  const { only: include, exclude, keepOriginals } = options;
  const policy = { idleDays: inactiveDays, keepLast, keepWithinDays: keepWithin, include, exclude, keepOriginals };
  return { places, policy: Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) };
}

/** Sessions whose originals are to be freed, although they are kept. One that is wrong, and nothing is freed. */
export async function wantedByIds(
  context: CommandContext,
  host: FolderHost,
  words: readonly string[],
  options: IdOptions,
): Promise<Wanted> {
  const places = new Map<string, Place>();
  const ids: string[] = [];
  for (const { id, missing } of await namedSessions(context, words, options)) {
    if (missing) throw missing;
    const originals = originalsIn((await context.archiver.info(id, { signal: context.signal })).meta);
    if (!originals) throw new UsageError(`${id} was not archived from an agent's folder: there is nothing to free.`);
    const { source, home } = originals;
    places.set(`${source}\0${home}`, await host.placeOf(source, home));
    ids.push(id);
  }
  // All others stay, and so does what they need: none of them counts as freed together with these.
  const exclude: readonly UnitFilter[] = [{ minBytes: 0 }];
  return { places: [...places.values()], policy: { free: ids, exclude }, only: ids };
}

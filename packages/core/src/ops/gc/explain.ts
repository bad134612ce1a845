/** Sorts the archive objects that a session does not name: given up, superfluous, or unknown. */
import type { Context } from "../../context.js";
import { keyPrefixes, keyTime, parseKey } from "../../format/keys.js";
import type { ArchiveInfo, Meta, OpOptions } from "../../ports.js";
import { givenUpKeys, leansOnCondemned, namedKeys } from "../../session/archive-keys.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { isPurged } from "../../session/state.js";
import { withoutCondemned } from "./certain.js";
import { prove } from "./proof.js";

export interface Explained {
  /** A commit has given them up. */
  readonly givenUp: readonly ArchiveInfo[];
  /** They hold nothing that the session does not hold as well: left by operations that were cut short. */
  readonly superfluous: readonly ArchiveInfo[];
  /** Nothing explains them: they may hold the only copy of something. */
  readonly unknown: readonly ArchiveInfo[];
  /**
   * How many of the unknown ones suggest that the catalogue is older than its sink. Unreadable ones suggest nothing, nor do those from
   * before the session's purge.
   */
  readonly suspicious: number;
}

/** `store`: id of the catalogue's store. Objects under keys of other stores are unknown, whatever they hold. */
export async function explain(
  ctx: Context,
  store: string | undefined,
  snapshot: Snapshot,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Explained> {
  const { id, meta } = snapshot.object;
  const named = new Set(namedKeys(id, meta));
  const given = new Set(givenUpKeys(id, meta));
  const rest = infos.filter(({ key }) => !named.has(key));
  const ours = rest.filter(({ key }) => isOurs(key, store));
  const givenUp = ours.filter(({ key }) => given.has(key));
  const unexplained = ours.filter(({ key }) => !given.has(key));
  const { superfluous, unreadable } = await prove(ctx, snapshot, unexplained, op);
  const explained = new Set([...givenUp, ...superfluous]);
  const unknown = rest.filter((info) => !explained.has(info));
  const suspicious = unknown.filter((info) => !unreadable.has(info) && !isLeftOfPurge(meta, info.key)).length;
  return { givenUp, superfluous: [...superfluous], unknown, suspicious };
}

/**
 * Explains objects for gc. What a merge or a restore has given up is deleted only if the session's present archive is
 * in the sink: a copy of the store may have deleted that archive because the older one held the same bytes. Nothing is
 * deleted while a copy may be about to delete the session's archive, nor what only a version holds that it may be about to delete.
 */
export async function explainGarbage(
  ctx: Context,
  store: string | undefined,
  snapshot: Snapshot,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Explained> {
  const explained = await explain(ctx, store, snapshot, infos, op);
  const { givenUp, superfluous, unknown, suspicious } = explained;
  if (leansOnCondemned(snapshot.object.id, snapshot.object.meta)) {
    return { givenUp: [], superfluous: [], unknown: [...unknown, ...givenUp, ...superfluous], suspicious };
  }
  const certain = withoutCondemned(snapshot);
  const proof = certain === snapshot ? undefined : await prove(ctx, certain, superfluous, op);
  const isProven = (info: ArchiveInfo): boolean => proof?.superfluous.has(info) ?? true;
  const isHeld = givenUp.length === 0 || (await holdsItsArchive(ctx, snapshot, op));
  const needed = isHeld ? [] : givenUp;
  return {
    givenUp: isHeld ? givenUp : [],
    superfluous: superfluous.filter(isProven),
    unknown: [...unknown, ...needed, ...superfluous.filter((info) => !isProven(info))],
    suspicious: suspicious + needed.length,
  };
}

async function holdsItsArchive(ctx: Context, { object }: Snapshot, op: OpOptions): Promise<boolean> {
  for (const { key, archiveBytes } of archivedFiles(object.id, object.meta).flatMap(partsOfFile)) {
    if ((await ctx.archives.stat(key, op))?.size !== archiveBytes) return false;
  }
  return true;
}

/** Older than the purge of its session, and so no news of it: a catalogue that was made anew knows the purge by its record only. */
function isLeftOfPurge(meta: Meta, key: string): boolean {
  return isPurged(meta) && (keyTime(key) ?? Number.POSITIVE_INFINITY) <= (positiveAt(meta, KEY.purgedAt) ?? 0);
}

/** Whether a key carries this store's id, or no store's. That alone permits nothing: copies of a store share its id. */
export function isOurs(key: string, store: string | undefined): boolean {
  const parsed = parseKey(key);
  return parsed !== undefined && (parsed.store === undefined || parsed.store === store);
}

/** All archive objects of a session in the sink whose keys carry this store's id, or no store's. */
export async function archivesOf(
  ctx: Context,
  store: string | undefined,
  id: string,
  op: OpOptions,
): Promise<readonly ArchiveInfo[]> {
  const infos: ArchiveInfo[] = [];
  for (const prefix of keyPrefixes(id, store)) {
    for await (const info of ctx.archives.list(prefix, op)) if (parseKey(info.key)?.id === id) infos.push(info);
  }
  return infos;
}

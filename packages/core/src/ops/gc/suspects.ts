/**
 * Finds the archive objects that no session names, in one listing of the catalogue and one of the sink. Keeps only
 * suspects in memory.
 */
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions, StoredObject } from "../../ports.js";
import { givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { areRipe } from "../../session/dropped-keys.js";
import { isRemoving } from "../../session/state.js";
import { isOurs } from "./explain.js";
import { keySet } from "./key-set.js";

export interface Suspects {
  /**
   * Objects that their sessions in the catalogue do not name. An empty list: only given-up keys remain to be cleared,
   * whose objects are gone.
   */
  readonly bySession: ReadonlyMap<string, readonly ArchiveInfo[]>;
  /** Sessions whose removal was cut short. */
  readonly removing: readonly string[];
}

/** `onStranger` gets each object of other stores, and of sessions that the catalogue does not know. */
export async function findSuspects(
  ctx: Context,
  store: string | undefined,
  isYoung: (info: ArchiveInfo, isRipe: boolean) => boolean,
  onStranger: (info: ArchiveInfo) => void,
  op: OpOptions,
): Promise<Suspects> {
  const bySession = new Map<string, ArchiveInfo[]>();
  const removing: string[] = [];
  const named = keySet();
  const ids = keySet();
  /** Given up long enough ago, however young the objects are. */
  const ripe = keySet();
  // The catalogue is listed first: a session that is archived later is looked at closely, and found to name its
  // objects.
  for await (const object of ctx.objects.list(undefined, op)) {
    if (isRemoving(object.meta)) {
      removing.push(object.id);
      continue;
    }
    ids.add(object.id);
    const known = understood(ctx, object);
    for (const key of known.named) named.add(key);
    if (known.givenUp.length > 0) bySession.set(object.id, []);
    if (areRipe(object.meta, ctx.now())) for (const key of known.givenUp) ripe.add(key);
  }
  const skipped = new Set(removing);
  for await (const info of ctx.archives.list(undefined, op)) {
    const parsed = parseKey(info.key);
    if (!parsed || named.mayHave(info.key) || skipped.has(parsed.id)) continue;
    if (isYoung(info, ripe.mayHave(info.key))) continue;
    if (!isOurs(info.key, store) || !ids.mayHave(parsed.id)) {
      onStranger(info);
      continue;
    }
    const infos = bySession.get(parsed.id) ?? [];
    infos.push(info);
    bySession.set(parsed.id, infos);
  }
  return { bySession, removing };
}

/** A session that can't be understood names nothing here; its archive objects are then unknown, and stay. */
function understood(
  ctx: Context,
  { id, meta }: StoredObject,
): { named: readonly string[]; givenUp: readonly string[] } {
  try {
    return { named: namedKeys(id, meta), givenUp: givenUpKeys(id, meta) };
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
    warn(ctx, id, error);
    return { named: [], givenUp: [] };
  }
}

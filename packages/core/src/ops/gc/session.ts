/** The part of gc that concerns one session. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions, StoredObject } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { condemnedKeys, givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { tryPut, updateMeta } from "../../session/commit.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { busy, MAX_TRIES, takeSnapshot } from "../../session/snapshot.js";
import { isRemoving } from "../../session/state.js";
import { type Explained, explainGarbage } from "./explain.js";

/** Deletes the objects that are explained. Returns them in the order of their deletion. */
export async function collectSession(
  ctx: Context,
  store: string | undefined,
  id: string,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<readonly ArchiveInfo[]> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const snapshot = await takeSnapshot(ctx, id, op);
    const { givenUp, ...explained } = await explainGarbage(ctx, store, snapshot, infos, op);
    let { superfluous } = explained;
    try {
      if (superfluous.length > 0 && !(await markForDeletion(ctx, snapshot.object, superfluous, op))) continue;
    } catch (error) {
      if (!hasCode(error, "QUOTA")) throw error;
      superfluous = []; // a full store has no room for the mark; given-up keys need none
    }
    const gone = deletionOrder({ givenUp, superfluous });
    for (const info of gone) await deleteOne(ctx, info, op);
    await forgetGone(ctx, id, op);
    return gone;
  }
  throw busy(id);
}

/**
 * Deletes an object that nothing explains, as the caller asked; but not if its session names it by now: the session may
 * have appeared, or been archived, since the catalogue was listed. Returns what was deleted.
 */
export async function deleteUnexplained(
  ctx: Context,
  info: ArchiveInfo,
  op: OpOptions,
): Promise<readonly ArchiveInfo[]> {
  const id = parseKey(info.key)?.id ?? "";
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const object = await ctx.objects.get(id, op);
    if (object && namedKeys(id, object.meta).includes(info.key)) return [];
    if (object && !isRemoving(object.meta) && !(await markForDeletion(ctx, object, [info], op))) continue;
    await deleteOne(ctx, info, op);
    return [info];
  }
  throw busy(id);
}

/** For the record that comes before the deletes. */
export function collected(id: string, infos: readonly ArchiveInfo[]): Change {
  const archiveBytes = infos.reduce((sum, { size }) => sum + size, 0);
  return { id, change: "collected", archiveBytes, keys: infos.map(({ key }) => key) };
}

async function deleteOne(ctx: Context, { key, size }: ArchiveInfo, op: OpOptions): Promise<void> {
  await ctx.archives.delete(key, op);
  ctx.emit({ type: "collected", key, archiveBytesFreed: size });
}

/** Manifests last: as long as one is there, it says what the files beside it hold. */
export function deletionOrder({ givenUp, superfluous }: Pick<Explained, "givenUp" | "superfluous">): ArchiveInfo[] {
  const all = [...givenUp, ...superfluous];
  return [...all.filter(({ key }) => !key.endsWith(".json")), ...all.filter(({ key }) => key.endsWith(".json"))];
}

/**
 * Notes in the object which keys are about to be deleted. An archiver that is about to commit one of them then loses
 * its compare-and-swap and finds the mark, so no clock is relied on. Keys that a commit has given up need no mark: no
 * key is committed twice.
 */
async function markForDeletion(
  ctx: Context,
  object: StoredObject,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<boolean> {
  const condemned = new Set([...condemnedKeys(object.id, object.meta), ...infos.map(({ key }) => key)]);
  return (await tryPut(ctx, object, withKeys(object.meta, { [KEY.condemned]: [...condemned] }), op)) !== undefined;
}

/**
 * Removes keys whose objects are gone from the session's notes. An archiver about to commit under such a key finds the
 * object gone.
 */
async function forgetGone(ctx: Context, id: string, op: OpOptions): Promise<void> {
  const object = await ctx.objects.get(id, op);
  if (!object) return;
  const gone = new Set<string>();
  for (const key of new Set([...givenUpKeys(id, object.meta), ...condemnedKeys(id, object.meta)])) {
    if ((await ctx.archives.stat(key, op)) === undefined) gone.add(key);
  }
  try {
    await updateMeta(ctx, id, (meta) => withoutGone(id, meta, (key) => !gone.has(key)), op);
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND", "CONFLICT", "QUOTA")) throw error; // the next gc will
  }
}

function withoutGone(id: string, meta: StoredObject["meta"], isThere: (key: string) => boolean): StoredObject["meta"] {
  const before = [givenUpKeys(id, meta), condemnedKeys(id, meta)];
  const [givenUp = [], condemned = []] = before.map((keys) => keys.filter(isThere));
  const isSame = givenUp.length === before[0]?.length && condemned.length === before[1]?.length;
  if (isSame) return meta;
  return withKeys(meta, {
    [KEY.givenUp]: givenUp.length > 0 ? givenUp : null,
    [KEY.condemned]: condemned.length > 0 ? condemned : null,
  });
}

/**
 * The last check before tombstones give up bytes: whether the catalogue is up to date, and what may be deleted along
 * with each archive.
 */
import { resolvedUnlessCorrupt } from "../../adapter/unless-corrupt.js";
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { mapOrdered } from "../../format/map-ordered.js";
import type { Meta, OpOptions } from "../../ports.js";
import { type Change, metaAfterPurge } from "../../run-records/changes.js";
import { tombstoneName } from "../../run-records/log.js";
import { givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { updateMeta } from "../../session/commit.js";
import { countAt, KEY, positiveAt } from "../../session/metadata.js";
import { type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { isArchived } from "../../session/state.js";
import { asPurged, asUnpruned } from "../../session/transitions/tombstone.js";
import { archivesOfMany } from "../gc/archives-of-many.js";
import { archivesOf, explain } from "../gc/explain.js";
import { withKey } from "../gc/key-set.js";
import { bytesToRead } from "../gc/proof.js";
import { whySetBack, whyUnknown } from "../gc/set-back.js";
import { inTurn } from "../in-turn.js";

export interface PurgeGuard {
  /** Why nothing may be purged now, and what to do about it. */
  readonly refused: string | undefined;
  /** Sessions that may be purged. */
  readonly fit: ReadonlySet<string>;
  /** Why these sessions can't be purged. */
  readonly unfit: ReadonlyMap<string, ArchiverError>;
  /** By session: sink keys of objects that hold nothing beyond what its archive holds. */
  readonly superfluous: ReadonlyMap<string, readonly string[]>;
}

/** What one session shows: whether it may be purged, or why none may be. */
interface Looked {
  readonly isFit?: true;
  readonly refused?: string;
}

/** `ids`: sessions about to be purged. If the sink holds more of one of them than the catalogue knows, none is purged. */
export async function guardPurges(ctx: Context, ids: readonly string[], op: OpOptions): Promise<PurgeGuard> {
  const superfluous = new Map<string, readonly string[]>();
  const unfit = new Map<string, ArchiverError>();
  const fit = new Set<string>();
  const guard = (refused?: string): PurgeGuard => ({
    refused,
    fit: refused === undefined ? fit : new Set(),
    unfit,
    superfluous,
  });
  if (ids.length === 0) return guard();
  const setBack = await whySetBack(ctx, op);
  if (setBack !== undefined) return guard(setBack);
  const store = (await ctx.notes.read(op))?.id;
  const takenBack = await ctx.records.takenBack(op);
  const listed = await archivesOfMany(ctx, store, ids, op);
  let refused: string | undefined;
  const look = async (one: Context, snapshot: Snapshot): Promise<Looked> => {
    const { id, meta } = snapshot.object;
    if (takenBack.has(tombstoneName(id, positiveAt(meta, KEY.prunedAt)))) {
      await finishUndo(one, id, meta, op);
      return {};
    }
    // Just what it names is there.
    if (listed.get(id) === namedKeys(id, meta).reduce(withKey, 0)) return { isFit: true };
    const infos = await archivesOf(one, store, id, op);
    const parts = archivedFiles(id, meta).flatMap(partsOfFile);
    const lacking = parts.find((part) => !infos.some(({ key }) => key === part.key));
    if (lacking) {
      // Unless another process has just purged or removed it.
      const now = await takeSnapshot(one, id, op);
      if (now.object.version === snapshot.object.version) unfit.set(id, notHere(id, lacking.key));
      return {};
    }
    const explained = await explain(one, store, snapshot, infos, op);
    if (explained.suspicious > 0) return { refused: whyUnknown(id, explained.suspicious) };
    const keys = explained.superfluous.map(({ key }) => key);
    if (keys.length > 0) superfluous.set(id, keys);
    return { isFit: true };
  };
  const untilRefused = function* (): Generator<string> {
    for (const id of ids) if (refused === undefined) yield id;
  };
  await inTurn<string, Looked>(
    ctx,
    untilRefused(),
    {
      idOf: (id) => id,
      async work(one, id, weighed) {
        const snapshot = await takeSnapshot(one, id, op);
        return weighed(bytesToRead(snapshot), () => look(one, snapshot));
      },
      failed(_, __, error) {
        // The purge itself will meet this failure again, and report it.
        if (!hasCode(error, "NOT_FOUND", "CORRUPT", "CONFLICT", "INVALID_ARGUMENT")) throw error;
      },
      done(id, looked) {
        if (looked?.isFit) fit.add(id);
        refused ??= looked?.refused;
      },
    },
    op,
  );
  return guard(refused);
}

/**
 * What the purges of these sessions give up, for the record. Not held since they were looked at: of many thousands, that would take more
 * memory than all else. `withTombstone`: the metadata as it will be then, if the tombstone is yet to be set.
 */
export async function purgeChanges(
  ctx: Context,
  { fit, superfluous }: PurgeGuard,
  ids: readonly string[],
  withTombstone: (id: string, meta: Meta) => Meta,
  op: OpOptions,
): Promise<readonly Change[]> {
  const changeOf = async (id: string): Promise<readonly Change[]> => {
    const object = await resolvedUnlessCorrupt(
      () => ctx.objects.get(id, op),
      () => {}, // The purge itself will report it.
    );
    if (!object || !isArchived(object.meta)) return [];
    const { meta } = object;
    const archiveBytes = countAt(meta, KEY.archiveBytes) ?? 0;
    const purged = asPurged(id, withTombstone(id, meta), ctx.now(), superfluous.get(id) ?? []);
    const change = { id, change: "purged", archiveBytes, keys: givenUpKeys(id, purged) } as const;
    return [{ ...change, ...metaAfterPurge(purged) }];
  };
  const changes: Change[] = [];
  const fitIds = ids.filter((id) => fit.has(id));
  for await (const one of mapOrdered(fitIds, changeOf, LOOKS_AT_ONCE)) changes.push(...one);
  return changes;
}

const LOOKS_AT_ONCE = 16;

/**
 * An archive that is missing from this sink can't be given up: it may exist in the sink that belongs to the catalogue.
 */
function notHere(id: string, key: string): ArchiverError {
  const message = `The archive of session "${id}" is not in this sink, so its bytes were not given up: is it the sink that belongs to this catalogue?`;
  return new ArchiverError("CORRUPT", message, { id, key });
}

/**
 * Takes a tombstone back whose undo is on record. The record is written before the change: after a crash between the
 * two, or when the catalogue was set back to that moment, it knows the record but still has the tombstone.
 */
async function finishUndo(ctx: Context, id: string, seen: Meta, op: OpOptions): Promise<void> {
  const isSame = (meta: Meta): boolean => meta[KEY.prunedAt] === seen[KEY.prunedAt] && isArchived(meta);
  await updateMeta(ctx, id, (meta) => (isSame(meta) ? asUnpruned(meta) : meta), op);
}

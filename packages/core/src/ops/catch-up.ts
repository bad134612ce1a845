/**
 * Lets a catalogue that was set back go on: it takes back every tombstone, so that nothing is given up because it does
 * not remember the undo.
 */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { Meta, OpOptions } from "../ports.js";
import type { Change } from "../run-records/changes.js";
import { condemnedBy, namedKeys } from "../session/archive-keys.js";
import { updateMeta } from "../session/commit.js";
import { KEY, withKeys } from "../session/metadata.js";
import { isArchived, isPruned } from "../session/state.js";
import { asUnpruned } from "../session/transitions/tombstone.js";
import { forEachConcurrent, UNDER_WAY } from "./concurrency.js";

export interface CatchUpReport {
  /** Run records that the catalogue did not know before. */
  readonly records: number;
  /** Sessions whose tombstone was taken back. */
  readonly unpruned: readonly string[];
  /** Sessions that are pinned now because an unknown run had pinned them. */
  readonly pinned: readonly string[];
  /** What unknown runs have given up: the catalogue may name archives of these sessions that are gone. */
  readonly givenUp: readonly Change[];
}

/** Changes nothing if no run record is unknown. May be run again after an interruption. */
export async function catchUp(ctx: Context, op: OpOptions = {}): Promise<CatchUpReport> {
  const unknown = await ctx.records.unknown(op);
  if (unknown.length === 0) return { records: 0, unpruned: [], pinned: [], givenUp: [] };
  const changes = unknown.flatMap(({ record }) => record?.runs.flatMap((run) => run.changes) ?? []);
  const unpruned = await takeTombstonesBack(ctx, op);
  const pinned = await applyPins(ctx, changes, op);
  // Before the records are known: until then, gc deletes nothing.
  if (unknown.every(({ record }) => record)) await condemn(ctx, changes, op);
  else await condemnAll(ctx, op);
  await ctx.notes.change(
    ({ records }) => ({ records: [...new Set([...records, ...unknown.map(({ key }) => key)])] }),
    op,
  );
  const gone = new Set<Change["change"]>(["purged", "restored", "removed"]);
  return { records: unknown.length, unpruned, pinned, givenUp: changes.filter(({ change }) => gone.has(change)) };
}

/** A record that can't be read may have taken back any tombstone, so all are taken back. */
async function takeTombstonesBack(ctx: Context, op: OpOptions): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id, meta } of ctx.objects.list({ prunedBefore: Number.MAX_SAFE_INTEGER }, op)) {
    if (isPruned(meta) && isArchived(meta)) ids.push(id);
  }
  const change = (meta: Parameters<typeof asUnpruned>[0]) =>
    isPruned(meta) && isArchived(meta) ? asUnpruned(meta) : meta;
  for (const id of ids) await unlessGone(() => updateMeta(ctx, id, change, op));
  return ids;
}

async function applyPins(ctx: Context, changes: readonly Change[], op: OpOptions): Promise<readonly string[]> {
  const last = new Map<string, boolean>();
  for (const { id, change } of changes) {
    if (change === "pinned" || change === "unpinned") last.set(id, change === "pinned");
  }
  const pinned: string[] = [];
  for (const [id, isPinned] of last) {
    if (!isPinned) continue;
    const done = await unlessGone(() => updateMeta(ctx, id, (meta) => withKeys(meta, { [KEY.pinned]: true }), op));
    if (done) pinned.push(id);
  }
  return pinned;
}

/** Notes the keys that are on record as given up: a copy of the store may be about to delete them. */
async function condemn(ctx: Context, changes: readonly Change[], op: OpOptions): Promise<void> {
  const doomed = new Map<string, string[]>();
  for (const { id, keys } of changes) if (keys) doomed.set(id, [...(doomed.get(id) ?? []), ...keys]);
  await forEachConcurrent(doomed, UNDER_WAY, ([id, keys]) => condemnIn(ctx, id, () => keys, op));
}

/** A record that can't be read may have given up any archive. */
async function condemnAll(ctx: Context, op: OpOptions): Promise<void> {
  const ids: string[] = [];
  for await (const { id } of ctx.objects.list({}, op)) ids.push(id);
  await forEachConcurrent(ids, UNDER_WAY, (id) => condemnIn(ctx, id, (meta) => namedKeys(id, meta), op));
}

async function condemnIn(
  ctx: Context,
  id: string,
  keysOf: (meta: Meta) => readonly string[],
  op: OpOptions,
): Promise<void> {
  try {
    await unlessGone(() => updateMeta(ctx, id, (meta) => condemnedBy(id, meta, keysOf(meta)), op));
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error; // gc leaves a damaged session alone
  }
}

async function unlessGone(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return false;
    throw error;
  }
}

/** The way out for a catalogue that was set back: nothing is given up by what it does not remember, then it goes on. */
import type { Context } from "../context.js";
import { hasCode } from "../errors.js";
import type { OpOptions } from "../ports.js";
import type { Change } from "../run-records/changes.js";
import { updateMeta } from "../session/commit.js";
import { KEY, withKeys } from "../session/metadata.js";
import { isArchived, isPruned } from "../session/state.js";
import { asUnpruned } from "../session/transitions/tombstone.js";

export interface CatchUpReport {
  /** Run records that the catalogue did not know and knows now. */
  readonly records: number;
  /** Sessions whose tombstone was taken back. */
  readonly unpruned: readonly string[];
  /** Sessions that are pinned now, as an unknown run had pinned them. */
  readonly pinned: readonly string[];
  /** What unknown runs have given up: of these sessions the catalogue may name archives that are gone. */
  readonly givenUp: readonly Change[];
}

/** With nothing unknown, nothing is changed. It may be run again after an interruption. */
export async function catchUp(ctx: Context, op: OpOptions = {}): Promise<CatchUpReport> {
  const unknown = await ctx.records.unknown(op);
  if (unknown.length === 0) return { records: 0, unpruned: [], pinned: [], givenUp: [] };
  const changes = unknown.flatMap(({ record }) => record?.runs.flatMap((run) => run.changes) ?? []);
  const unpruned = await takeTombstonesBack(ctx, op);
  const pinned = await applyPins(ctx, changes, op);
  await ctx.notes.change(
    ({ records }) => ({ records: [...new Set([...records, ...unknown.map(({ key }) => key)])] }),
    op,
  );
  const gone = new Set<Change["change"]>(["purged", "restored", "removed"]);
  return { records: unknown.length, unpruned, pinned, givenUp: changes.filter(({ change }) => gone.has(change)) };
}

/** Which of them the forgotten runs had taken back is not certain where one can't be read: so all go. */
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

async function unlessGone(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return false;
    throw error;
  }
}

/**
 * Makes the catalogue anew from what lies in the sink: archives, manifests and run records; or gives an existing
 * catalogue what it lacks. May be run at any time, again, and after an interruption.
 */
import { type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { NO_STORE } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { recordsOf } from "../../run-records/log.js";
import { storeNotes } from "../../run-records/notes.js";
import type { FoundRecord } from "../../run-records/order.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import { isPruned, isRemoving } from "../../session/state.js";
import { catchUp } from "../catch-up.js";
import { failureOf, type SessionFailure } from "../report.js";
import { chooseStore, type OtherStore } from "./choose-store.js";
import { copyArchives, copyFrom, type OtherCatalogue } from "./copy-from.js";
import { groupsOf } from "./groups.js";
import { historyOf, NO_HISTORY, type SessionHistory } from "./history.js";
import { knownObject } from "./known-object.js";
import { noteLiveLost } from "./live-lost.js";
import { type Made, type Material, sessionFrom } from "./make-session.js";
import { mergeInto } from "./merge.js";
import { believeRecords } from "./settle-past.js";

export interface RebuildOptions extends OpOptions {
  /**
   * Id of the store whose archives are to be taken, 12 hex digits. By default the catalogue's own, or the only one that
   * the sink holds.
   */
  readonly storeId?: string | undefined;
  /**
   * Believes a manifest if its archive files have the sizes, lengths and CRCs that it says. By default every archive is
   * read and inflated to its last byte.
   */
  readonly quick?: boolean | undefined;
  /**
   * Another catalogue, such as one that is damaged or old: takes over the sessions in it that this one lacks, with as
   * much of their live bytes as can be read. The store's id comes from there, too, if this catalogue has none.
   */
  readonly from?: OtherCatalogue | undefined;
}

export interface RebuildReport {
  /** Id of the store whose archives were taken; `null` if they carry none. */
  readonly storeId: string | null;
  /** Sessions that the catalogue lacked and has now. */
  readonly made: string[];
  /** Sessions that it had, and that have archives now which it did not know; or tombstones that were on record. */
  readonly merged: string[];
  /** Sessions that it had, with all their archives. */
  unchangedCount: number;
  /** Of those that were made: how many have a tombstone. */
  prunedCount: number;
  /** Sessions with archives that hold different things. Each of these can be read as a version. */
  readonly withVersions: string[];
  /** Sessions that were taken over from the other catalogue (`from`). */
  readonly copied: readonly string[];
  /** Of those, sessions whose live bytes could not be read to their end: what comes before is there. */
  readonly cut: readonly string[];
  /** Sessions that could not be taken over now, though they may be there whole: try again. */
  readonly notCopied: readonly SessionFailure[];
  /** Sessions that had live output in the lost catalogue's store alone, as far as records say. It can't be had back here. */
  readonly liveLost: string[];
  /** Other stores whose archives the sink holds. Name one to take them in, too. */
  readonly otherStores: readonly OtherStore[];
  /** Sink keys under which objects are kept that were damaged, and that were made anew. */
  readonly quarantined: string[];
  /** Sessions that can't be made, and why. */
  readonly failures: SessionFailure[];
  /** Run records that can't be read: tombstones and pins that they tell of are not known. */
  readonly unreadableRecords: readonly string[];
}

export async function rebuild(ctx: Context, options: RebuildOptions = {}): Promise<RebuildReport> {
  const { storeId, quick = false, from, ...op } = options;
  await copyArchives(ctx, from?.archives, op);
  const { store, isOwn, isAdoptable, others } = await chooseStore(
    ctx,
    storeId ?? (from && (await idIn(ctx, from, op))),
    op,
  );
  // Of a catalogue that was set back: what it does not know, because it came later.
  const late = historyOf(isOwn ? await ctx.records.unknown(op) : []);
  if (store !== undefined && isAdoptable) await adopt(ctx, store, op);
  const records = store === undefined ? [] : await recordsOf(ctx.archives, store, op);
  const history = historyOf(records);
  const left = new Set(history.keys());
  const copied = from ? await copyFrom(ctx, from, await idsIn(ctx, store, op), store, op) : undefined;
  const report: RebuildReport = {
    copied: copied?.ids ?? [],
    cut: copied?.cut ?? [],
    notCopied: copied?.failures ?? [],
    storeId: store ?? null,
    made: [],
    merged: [],
    unchangedCount: 0,
    prunedCount: 0,
    withVersions: [],
    liveLost: [],
    otherStores: others,
    quarantined: [],
    failures: [],
    unreadableRecords: records.flatMap(({ key, record }) => (record ? [] : [key])),
  };
  const each = async (material: Material): Promise<void> => {
    try {
      await oneSession(ctx, material, late.get(material.id), report, op);
    } catch (error) {
      if (!hasCode(error, "CORRUPT", "NOT_FOUND", "CONFLICT", "INVALID_ARGUMENT")) throw error;
      report.failures.push(failureOf(material.id, error));
    }
  };
  for await (const { id, infos } of groupsOf(ctx, store, op)) {
    left.delete(id);
    await each({ id, infos, history: history.get(id) ?? NO_HISTORY, quick });
  }
  for (const id of left) await each({ id, infos: [], history: history.get(id) ?? NO_HISTORY, quick });
  if (isOwn || isAdoptable) await noteRecords(ctx, records, op);
  return report;
}

/** The id of the other catalogue's store, if this one has none, and the sink holds something of it. */
async function idIn(ctx: Context, from: OtherCatalogue, op: OpOptions): Promise<string | undefined> {
  if (await ctx.notes.read(op)) return undefined;
  try {
    const notes = await storeNotes(from.objects.ownMeta, ctx.randomId).read(op);
    for await (const _ of ctx.archives.list(`${notes?.id ?? NO_STORE}/`, op)) return notes?.id;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    warn(ctx, undefined, error);
  }
  return undefined;
}

async function idsIn(ctx: Context, store: string | undefined, op: OpOptions): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { id } of groupsOf(ctx, store, op)) ids.add(id);
  return ids;
}

async function oneSession(
  ctx: Context,
  material: Material,
  late: SessionHistory | undefined,
  report: RebuildReport,
  op: OpOptions,
): Promise<void> {
  const { id, history } = material;
  const { object: existing, replaces, quarantined } = await knownObject(ctx, id, op);
  if (quarantined !== undefined) report.quarantined.push(quarantined);
  if (existing && isRemoving(existing.meta)) return;
  if (existing) {
    const isBelieved = await believeRecords(ctx, material, op);
    const { archives, newVersions } = isBelieved ? { archives: 1, newVersions: 0 } : await mergeInto(ctx, material, op);
    if (archives > 0) report.merged.push(id);
    else report.unchangedCount++;
    if (newVersions > 0) report.withVersions.push(id);
    const isMissing = !isBelieved && (await noteLiveLost(ctx, id, late, op));
    if (isMissing || positiveAt(existing.meta, KEY.liveLostAt) !== undefined) report.liveLost.push(id);
    return;
  }
  const made = await sessionFrom(ctx, material, op);
  if (made) return add(ctx, id, made, replaces, report, op);
  const { last } = history;
  if (last?.change === "restored") report.liveLost.push(id);
}

async function add(
  ctx: Context,
  id: string,
  { meta, newVersions }: Made,
  expected: string | null,
  report: RebuildReport,
  op: OpOptions,
): Promise<void> {
  try {
    await ctx.objects.put(id, meta, expected, op);
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error;
    throw new ArchiverError("CONFLICT", `Session "${id}" was made by somebody else meanwhile: run this again.`, { id });
  }
  report.made.push(id);
  if (isPruned(meta)) report.prunedCount++;
  if (newVersions > 0) report.withVersions.push(id);
  if (positiveAt(meta, KEY.liveLostAt) !== undefined) report.liveLost.push(id);
}

/** Gives the catalogue the id of the store, so that it goes on where that was lost. */
async function adopt(ctx: Context, store: string, op: OpOptions): Promise<void> {
  await ctx.notes.change(() => ({ id: store, records: [], rebuilding: true }), op);
}

/** Now the catalogue knows what the records say. One that was set back takes its tombstones back, as by `catchUp`. */
async function noteRecords(ctx: Context, records: readonly FoundRecord[], op: OpOptions): Promise<void> {
  const isAnew = (await ctx.notes.read(op))?.rebuilding === true;
  if (!isAnew) await catchUp(ctx, op);
  const keys = records.map(({ key }) => key);
  if (isAnew) await ctx.notes.change((notes) => ({ records: all(keys, notes.records), rebuilding: null }), op);
}

function all(keys: readonly string[], known: readonly string[]): readonly string[] {
  return [...new Set([...keys, ...known])];
}

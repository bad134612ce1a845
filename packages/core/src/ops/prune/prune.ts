/** Drops archives: first a tombstone, then, after a grace period, the bytes. Nothing happens unasked. */
import { attempt, type Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { Meta, OpOptions } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { givenUpKeys } from "../../session/archive-keys.js";
import { announce, tryPut, updateMeta } from "../../session/commit.js";
import { countAt, KEY, positiveAt } from "../../session/metadata.js";
import { days, isPinned } from "../../session/policy.js";
import { tellRevived } from "../../session/revived.js";
import { getObject, peek, takeSnapshot } from "../../session/snapshot.js";
import { isArchived, isPruned, stateOf } from "../../session/state.js";
import { asPruned, asPurged, asUnpruned } from "../../session/transitions/tombstone.js";
import { asWritten } from "../../session/transitions/written.js";
import { whySetBack } from "../gc/set-back.js";
import { inTurn } from "../in-turn.js";
import { addFailure, emptyReport, type SweepReport } from "../report.js";
import { settle } from "../settle.js";
import { factsOf, type PruneStep, planPrune } from "./plan-prune.js";
import { type Grace, isDue, type PruneOptions, pruneLimits } from "./prune-limits.js";
import { guardPurges, purgeChanges } from "./purge-guard.js";

/** Sessions whose metadata are held, and put on record, at a time. */
const BATCH = 1000;

/** Carries out the plan. A session that fails is reported and does not stop the others. */
export function prune(ctx: Context, options: PruneOptions = {}): Promise<SweepReport> {
  // All tombstones of a run are of one time: it is on record before they are set, and a record must be exact.
  const at = ctx.now();
  return pruneAt({ ...ctx, now: () => at }, options);
}

async function pruneAt(ctx: Context, options: PruneOptions): Promise<SweepReport> {
  const { grace, op } = pruneLimits(ctx, options);
  const purgesAtOnce = grace.ms <= 0 && !options.tombstonesOnly;
  const report = emptyReport();
  const steps = await planPrune(ctx, options);
  const isPurge = (step: PruneStep): boolean => step.action === "purge" || purgesAtOnce;
  const guard = await guardPurges(
    ctx,
    steps.filter(isPurge).map(({ id }) => id),
    op,
  );
  let { refused } = guard;
  const undone: Change[] = [];
  /** Whether all was done that the step is for. */
  const doStep = async (one: Context, step: PruneStep): Promise<boolean> => {
    if (step.action === "prune") {
      if (!(await pruneOne(one, step, grace.ms, op))) {
        report.skippedCount++;
        return false;
      }
      report.prunedCount++;
    }
    if (!isPurge(step) || refused !== undefined) return true;
    const unfit = guard.unfit.get(step.id);
    if (unfit) throw unfit;
    return purgeOne(one, step.id, grace, guard.superfluous.get(step.id) ?? [], report, op);
  };
  for (const some of inBatches(steps, BATCH)) {
    const reasons = new Map(some.map(({ id, reason }) => [id, reason]));
    const withTombstone = (id: string, meta: Meta): Meta =>
      isPruned(meta) ? meta : asPruned(meta, ctx.now(), reasons.get(id) ?? "", grace.ms);
    const purges = refused === undefined ? await purgeChanges(ctx, guard, [...reasons.keys()], withTombstone, op) : [];
    const announced = await announce(ctx, [...some.flatMap((step) => tombstoneOf(ctx, step, grace.ms)), ...purges]);
    // If two copies of a store prune at once, each first puts its changes on record and then looks: one of them sees the
    // other's.
    refused ??= purges.length > 0 ? await whySetBack(ctx, op, report.purgedCount > 0) : undefined;
    await inTurn<PruneStep, boolean>(
      announced,
      some,
      {
        idOf: ({ id }) => id,
        work: doStep,
        done({ id, archiveBytes }, isDone, error) {
          if (error !== undefined) addFailure(report, id, error);
          else if (!isDone) undone.push({ id, change: "unpruned", archiveBytes });
        },
      },
      op,
    );
  }
  report.refused = refused ?? null;
  // The record says that these were pruned or purged, too. A catalogue made anew must not believe it.
  await attempt(ctx, undefined, () => announce(ctx, undone));
  return report;
}

export interface PruneSessionOptions extends OpOptions {
  /** Noted in the tombstone; "asked for" by default. */
  readonly reason?: string | undefined;
}

/**
 * Sets the tombstone on one session, whatever its age. The first prune after the grace period deletes its bytes. Does
 * nothing if the session has a tombstone already. `INVALID_ARGUMENT` if it is pinned or not fully archived; `CONFLICT`
 * if it was changed meanwhile.
 */
export async function pruneSession(ctx: Context, id: string, options: PruneSessionOptions = {}): Promise<void> {
  const { reason = "asked for", ...op } = options;
  await settle(ctx, id, op); // live blobs that a crash left would look like use of the session
  const { meta } = await getObject(ctx, id, op);
  if (isPruned(meta)) return;
  if (isPinned(meta)) {
    throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is pinned: take the pin off first.`, { id });
  }
  if (stateOf(meta) !== "archived") {
    throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is ${stateOf(meta)}: archive it first.`, { id });
  }
  const step: PruneStep = { ...factsOf(id, meta), action: "prune", reason, prunedAt: null };
  if (await pruneOne(ctx, step, days(ctx.policy.graceDays), op)) return;
  throw new ArchiverError("CONFLICT", `Session "${id}" is in use: it was written to, restored or pinned.`, { id });
}

/**
 * Takes a tombstone back, as long as the bytes are there. `PRUNED` if they are gone, `INVALID_ARGUMENT` if there is no
 * tombstone.
 */
export async function undoPrune(ctx: Context, id: string, op: OpOptions = {}): Promise<void> {
  await updateMeta(
    ctx,
    id,
    (meta) => {
      if (!isPruned(meta)) throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is not pruned.`, { id });
      if (isArchived(meta)) return asUnpruned(meta);
      throw new ArchiverError("PRUNED", `The bytes of session "${id}" are gone: its grace period is over.`, { id });
    },
    op,
  );
}

function* inBatches<T>(items: readonly T[], count: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += count) yield items.slice(start, start + count);
}

/** The change that the step is about to make, for the record. */
function tombstoneOf(ctx: Context, { id, action, reason, ...step }: PruneStep, graceMs: number): Change[] {
  const { archiveBytes, archivedAt } = step;
  const prunedAt = ctx.now();
  const purgeAfter = prunedAt + graceMs;
  const of = { id, change: "pruned", reason, archiveBytes, prunedAt, purgeAfter } as const;
  return action === "prune" ? [archivedAt === null ? of : { ...of, archivedAt }] : [];
}

/** Sets the tombstone if the session is still fully archived and not pinned, in one swap against exactly that state. */
async function pruneOne(ctx: Context, step: PruneStep, graceMs: number, op: OpOptions): Promise<boolean> {
  const { object, files } = await peek(ctx, step.id, op);
  const atRest = stateOf(object.meta) === "archived" && files.every((state) => state.kind === "archived");
  if (!atRest || isPinned(object.meta)) return false;
  const { id, reason, archiveBytes } = step;
  const pruned = asPruned(object.meta, ctx.now(), reason, graceMs);
  if ((await tryPut(ctx, object, pruned, op)) === undefined) return false;
  ctx.emit({ type: "pruned", id, reason, archiveBytes, undoableUntil: positiveAt(pruned, KEY.purgeAfter) ?? null });
  return true;
}

/**
 * Gives up the bytes of a tombstone whose grace period is over: first in the object, then in the sink. `false` if the
 * session is in use, or has changed.
 */
async function purgeOne(
  ctx: Context,
  id: string,
  grace: Grace,
  superfluous: readonly string[],
  report: SweepReport,
  op: OpOptions,
): Promise<boolean> {
  const { object, files } = await takeSnapshot(ctx, id, op);
  if (!isArchived(object.meta) || !isDue(object.meta, ctx.now(), grace)) return false;
  if (files.some((state) => state.kind === "continuation" || state.kind === "restored")) {
    // Written to or restored while the tombstone was set: the session is in use.
    let before = object.meta;
    const asInUse = (meta: Meta): Meta => {
      before = meta;
      return asWritten(meta, ctx.now());
    };
    await updateMeta(ctx, id, asInUse, op);
    tellRevived(ctx, id, before);
    return false;
  }
  const archiveBytesFreed = countAt(object.meta, KEY.archiveBytes) ?? 0;
  const purged = asPurged(id, object.meta, ctx.now(), superfluous);
  if ((await tryPut(ctx, object, purged, op)) === undefined) return false;
  // An object that can't be deleted now is given up all the same: `gc` finds it.
  for (const key of givenUpKeys(id, purged)) {
    await attempt(ctx, id, async () => {
      await ctx.archives.delete(key, op);
      ctx.dropped.gone(key);
    });
  }
  report.purgedCount++;
  report.archiveBytesFreed += archiveBytesFreed;
  ctx.emit({ type: "purged", id, archiveBytesFreed });
  return true;
}

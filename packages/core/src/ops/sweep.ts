/** Archives every idle session, then prunes to the byte cap. One session's failure never stops it. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { KEY, numberAt, positiveAt } from "../metadata.js";
import { days, type SkipReason, skipReason } from "../policy.js";
import type { Meta, OpOptions, StoredObject } from "../ports.js";
import { archive } from "./archive.js";
import { atOnce } from "./at-once.js";
import { type PruneOptions, type PruneStep, planPrune } from "./plan-prune.js";
import { prune } from "./prune.js";
import { addFailure, addReport, emptyReport, type SweepReport } from "./report.js";
import { settle } from "./settle.js";

export interface SweepOptions extends PruneOptions {
  /** The archiver's policy if not given. */
  readonly inactiveDays?: number | undefined;
  /** Also list the sessions that are not candidates (too recent, archived): costs a look at every session. */
  readonly all?: boolean | undefined;
}

/** Of a small session most of the time goes into waiting for the disk. Several at once let a store share these waits. */
const AT_ONCE = 16;
/** Live bytes that are small: all that are under way at once then fit into a few MiB. */
const SMALL_BYTES = 256 * 1024;

/** What a sweep would do to one session. */
export type PlanStep =
  | { readonly id: string; readonly action: "archive"; readonly reason: string; readonly lastActivityMs: number }
  /** An operation was cut short: its outdated live bytes are to be deleted. */
  | { readonly id: string; readonly action: "settle"; readonly reason: string }
  | { readonly id: string; readonly action: "skip"; readonly reason: SkipReason }
  | PruneStep;

/** The steps of a sweep with these options; what it prunes is planned without what it archives first. */
export async function* planSweep(ctx: Context, options: SweepOptions = {}): AsyncGenerator<PlanStep> {
  yield* sweepSteps(ctx, options);
  yield* await planPrune(ctx, options);
}

async function* sweepSteps(ctx: Context, options: SweepOptions): AsyncGenerator<PlanStep> {
  for await (const object of candidates(ctx, options)) yield planOne(ctx, object, options);
}

export async function sweep(ctx: Context, options: SweepOptions = {}): Promise<SweepReport> {
  const report = emptyReport();
  const op: OpOptions = { signal: options.signal };
  const work = async (step: PlanStep): Promise<void> => {
    throwIfAborted(options.signal);
    try {
      if (step.action === "archive") await archiveOne(ctx, step.id, options, report);
      else if (step.action === "settle") report.liveBytesFreed += await settle(ctx, step.id, op);
      else if (step.action === "skip") skip(ctx, report, step.id, step.reason);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      addFailure(report, step.id, error);
    }
  };
  await atOnce(sweepSteps(ctx, options), AT_ONCE, (step) => isSmall(ctx, step, op), work);
  addReport(report, await prune(ctx, options));
  return report;
}

async function isSmall(ctx: Context, { id, action }: PlanStep, op: OpOptions): Promise<boolean> {
  if (action !== "archive") return true;
  let bytes = 0;
  try {
    for await (const { size } of ctx.blobs.list(id, op)) bytes += size;
  } catch {
    return true; // its archive will fail in the same way, and tell
  }
  return bytes <= SMALL_BYTES;
}

async function archiveOne(ctx: Context, id: string, options: SweepOptions, report: SweepReport): Promise<void> {
  const recheck = (meta: Meta): string | undefined => skipReason(meta, ctx.now(), inactiveDays(ctx, options));
  try {
    const done = await archive(ctx, id, { signal: options.signal, recheck });
    report.liveBytesFreed += done.liveBytesFreed;
    report.archiveBytesAdded += done.archiveBytesAdded;
    if (done.outcome === "archived") report.archivedCount++;
    else skip(ctx, report, id, done.outcome);
  } catch (error) {
    // Somebody else has archived, resumed or deleted it since it was listed: not for this sweep any more.
    if (!hasCode(error, "CONFLICT", "PRUNED", "NOT_FOUND")) throw error;
    if (await isCandidate(ctx, id, options)) throw error;
    skip(ctx, report, id, "changed meanwhile");
  }
}

function skip(ctx: Context, report: SweepReport, id: string, reason: string): void {
  report.skippedCount++;
  ctx.emit({ type: "skipped", id, reason });
}

async function isCandidate(ctx: Context, id: string, options: SweepOptions): Promise<boolean> {
  const object = await ctx.objects.get(id, { signal: options.signal });
  return object !== undefined && planOne(ctx, object, options).action === "archive";
}

function inactiveDays(ctx: Context, options: SweepOptions): number {
  const count = options.inactiveDays ?? ctx.policy.inactiveDays;
  if (typeof count === "number" && count >= 0) return count;
  throw new ArchiverError("INVALID_ARGUMENT", `inactiveDays must be a number of at least 0, is ${count}.`);
}

async function* candidates(ctx: Context, options: SweepOptions): AsyncGenerator<StoredObject> {
  const idleSince = ctx.now() - days(inactiveDays(ctx, options));
  const query = options.all ? undefined : { archived: false, idleSince };
  for await (const object of ctx.objects.list(query, { signal: options.signal })) {
    const reason = skipReason(object.meta, ctx.now(), inactiveDays(ctx, options));
    // The query is a hint: without `all`, what a sharper store had left out is left out here.
    const noCandidate = reason === "archived" || reason === "pruned" || reason === "recent" || reason === "no-activity";
    if (options.all || !noCandidate || isSettling(object.meta)) yield object;
  }
}

function isSettling(meta: Meta): boolean {
  return positiveAt(meta, KEY.settlingAt) !== undefined;
}

function planOne(ctx: Context, { id, meta }: StoredObject, options: SweepOptions): PlanStep {
  const reason = skipReason(meta, ctx.now(), inactiveDays(ctx, options));
  if (reason === undefined) {
    return { id, action: "archive", reason: "idle", lastActivityMs: numberAt(meta, KEY.lastActivity) ?? 0 };
  }
  if (isSettling(meta)) return { id, action: "settle", reason: "an archive was cut short" };
  return { id, action: "skip", reason };
}

/**
 * Archives every idle session, deletes what its commits and those of earlier sweeps have given up, and prunes to the byte
 * cap if there is one. A session that fails does not stop the others.
 */
import type { Context } from "../../context.js";
import { hasCode, throwIfAborted } from "../../errors.js";
import type { Meta, OpOptions, StoredObject } from "../../ports.js";
import { sizesOf } from "../../session/file-state.js";
import { peekAt, type Snapshot } from "../../session/snapshot.js";
import { archive } from "../archive/archive.js";
import { forEachConcurrent, UNDER_WAY } from "../concurrency.js";
import { collectDropped } from "../gc/collect-dropped.js";
import { prune } from "../prune/prune.js";
import { addDiskBytes, addFailure, addReport, emptyReport, type SweepReport } from "../report.js";
import { settle } from "../settle.js";
import { candidates, isCandidate, type PlanStep, planOne, reasonToSkip, type SweepOptions } from "./plan-sweep.js";
import { takingTurns } from "./turns.js";

/**
 * A session with more live bytes is let go while it waits for those under way: many that are large would keep other sweepers
 * waiting.
 */
const LARGE = 256 * 1024;

/** A step that is about to be done, with the session as it was last seen. */
interface Task {
  readonly step: PlanStep;
  readonly object: StoredObject;
  seen?: Snapshot | undefined;
}

export async function sweep(ctx: Context, options: SweepOptions = {}): Promise<SweepReport> {
  const report = emptyReport();
  const op: OpOptions = { signal: options.signal };
  const turns = takingTurns(ctx, op);
  const asTask = (object: StoredObject): Task => ({ step: planOne(ctx, object, options), object });
  const isWork = (object: StoredObject): boolean => asTask(object).step.action !== "skip";
  const left = (id: string): void => skip(ctx, report, id, "another sweeper works on it");
  const weigh = async (task: Task): Promise<number> => {
    if (task.step.action !== "archive") return 0;
    try {
      task.seen = await peekAt(ctx, task.object, op);
    } catch {
      return 0; // archiving it will fail in the same way, and report it
    }
    return task.seen.files.reduce((sum, state) => sum + sizesOf(state).live, 0);
  };
  const work = async ({ step, seen }: Task): Promise<void> => {
    throwIfAborted(options.signal);
    try {
      if (step.action === "archive") await archiveOne(ctx, step.id, seen, options, report);
      else if (step.action === "settle") report.liveBytesFreed += await settle(ctx, step.id, op);
      else if (step.action === "skip") skip(ctx, report, step.id, step.reason);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      addFailure(report, step.id, error);
    }
  };
  /** It was let go, so another sweeper may have it, or be done with it. */
  const workAnew = async ({ object, seen }: Task): Promise<void> => {
    const now = await turns.takeAgain(object);
    if (!now) left(object.id);
    else if (isCandidate(ctx, now, options)) {
      await work({ ...asTask(now), seen: now.version === object.version ? seen : undefined });
    }
  };
  try {
    await forEachConcurrent(turns.take(candidates(ctx, options), isWork, left), UNDER_WAY, async (object, weighed) => {
      // It may have changed since it was listed.
      if (!isCandidate(ctx, object, options)) return turns.letGo(object.id);
      const task = asTask(object);
      try {
        const weight = await weigh(task);
        if (weight > LARGE) turns.letGo(object.id);
        await weighed(weight, () => (weight > LARGE ? workAnew(task) : work(task)));
      } finally {
        turns.letGo(object.id);
      }
    });
  } finally {
    await turns.end();
  }
  report.archiveBytesFreed += await collectDropped(ctx, op);
  addReport(report, await prune(ctx, options));
  const unknown = (await ctx.notes.read(op))?.unknown;
  return { ...report, unknownCount: unknown?.count ?? 0, unknownBytes: unknown?.bytes ?? 0 };
}

async function archiveOne(
  ctx: Context,
  id: string,
  seen: Snapshot | undefined,
  options: SweepOptions,
  report: SweepReport,
): Promise<void> {
  const recheck = (meta: Meta): string | undefined => reasonToSkip(ctx, meta, options);
  try {
    const done = await archive(ctx, id, { signal: options.signal, recheck, seen });
    report.liveBytesFreed += done.liveBytesFreed;
    report.archiveBytesAdded += done.archiveBytesAdded;
    addDiskBytes(report, done);
    if (done.outcome === "archived") report.archivedCount++;
    else skip(ctx, report, id, done.outcome);
  } catch (error) {
    // Another process has archived, resumed or deleted the session since it was listed, so this sweep leaves it alone.
    if (!hasCode(error, "CONFLICT", "PRUNED", "NOT_FOUND")) throw error;
    if (await isStillIdle(ctx, id, options)) throw error;
    skip(ctx, report, id, "changed meanwhile");
  }
}

function skip(ctx: Context, report: SweepReport, id: string, reason: string): void {
  report.skippedCount++;
  ctx.emit({ type: "skipped", id, reason });
}

async function isStillIdle(ctx: Context, id: string, options: SweepOptions): Promise<boolean> {
  const object = await ctx.objects.get(id, { signal: options.signal });
  return object !== undefined && planOne(ctx, object, options).action === "archive";
}

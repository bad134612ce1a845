/** The steps of a sweep, done many at a time, or one by one where there is no space. */
import type { Context } from "../../context.js";
import { hasCode, throwIfAborted } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { sizesOf } from "../../session/file-state.js";
import { peekAt, type Snapshot } from "../../session/snapshot.js";
import { forEachConcurrent, UNDER_WAY } from "../concurrency.js";
import { addFailure, type SweepReport } from "../report.js";
import { settle } from "../settle.js";
import { archiveOne, skip } from "./archive-one.js";
import { isCandidate, type PlanStep, planOne, type SweepOptions } from "./plan-sweep.js";
import type { Turns } from "./turns.js";

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
  liveBytes?: number;
}

export interface Steps {
  /**
   * Does the steps of these sessions, many at a time. Once an archive finds no space, no more are begun. `waits` gets these sessions,
   * with the store's error those that were refused.
   */
  doAll(
    objects: AsyncIterable<StoredObject>,
    waits: (id: string, liveBytes: number, refusal?: unknown) => void,
  ): Promise<void>;
  /** Does the step of one that has waited; resolves to the bytes that it has freed altogether. Rejects with `QUOTA`. */
  doOne(id: string): Promise<number>;
}

export function stepsOf(ctx: Context, options: SweepOptions, turns: Turns, report: SweepReport): Steps {
  const op: OpOptions = { signal: options.signal };
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
    task.liveBytes = task.seen.files.reduce((sum, state) => sum + sizesOf(state).live, 0);
    return task.liveBytes;
  };
  /** Rejects only if the sweep has to end, or an archive finds no space. */
  const work = async ({ step, seen }: Task): Promise<void> => {
    throwIfAborted(options.signal);
    try {
      if (step.action === "archive") await archiveOne(ctx, step.id, seen, options, report);
      else if (step.action === "settle") {
        // Apart, as others add to the report meanwhile.
        const freed = await settle(ctx, step.id, op);
        report.liveBytesFreed += freed;
      } else if (step.action === "skip") skip(ctx, report, step.id, step.reason);
    } catch (error) {
      if (hasCode(error, "ABORTED") || (step.action === "archive" && hasCode(error, "QUOTA"))) throw error;
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
  return {
    async doAll(objects, waits) {
      let isFull = false;
      let first: Promise<unknown> | undefined;
      const unlessFull = async (task: Task, weight: number): Promise<void> => {
        const { id } = task.object;
        if (isFull && task.step.action === "archive") return waits(id, weight);
        try {
          await (weight > LARGE ? workAnew(task) : work(task));
        } catch (error) {
          if (!hasCode(error, "QUOTA")) throw error;
          isFull = true;
          waits(id, weight, error);
        }
      };
      /** The first archive is made alone: where it finds no space, no others have tried in vain. */
      const alone = async (task: Task, weight: number): Promise<void> => {
        if (task.step.action !== "archive") return unlessFull(task, weight);
        if (first) await first;
        const work = unlessFull(task, weight);
        first ??= work.catch(() => {});
        return work;
      };
      await forEachConcurrent(turns.take(objects, isWork, left), UNDER_WAY, async (object, weighed) => {
        // It may have changed since it was listed.
        if (!isCandidate(ctx, object, options)) return turns.letGo(object.id);
        const task = asTask(object);
        try {
          const weight = await weigh(task);
          if (weight > LARGE) turns.letGo(object.id);
          await weighed(weight, () => alone(task, weight));
        } finally {
          turns.letGo(object.id);
        }
      });
    },
    async doOne(id) {
      const before = report.liveBytesFreed - report.archiveBytesAdded;
      try {
        const object = await ctx.objects.get(id, op);
        if (object) await workAnew(asTask(object));
      } catch (error) {
        if (hasCode(error, "ABORTED", "QUOTA")) throw error;
        addFailure(report, id, error);
      } finally {
        turns.letGo(id);
      }
      return report.liveBytesFreed - report.archiveBytesAdded - before;
    },
  };
}

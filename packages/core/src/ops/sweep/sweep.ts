/**
 * Archives every idle session, deletes what its commits and those of earlier sweeps have given up, and prunes to the byte
 * cap if there is one. A session that fails does not stop the others. In a store without space, it goes by what frees most.
 */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { collectDropped } from "../gc/collect-dropped.js";
import { prune } from "../prune/prune.js";
import { addFailure, addReport, emptyReport, type OutOfSpace, type SweepReport } from "../report.js";
import { archiveInLittleSpace, type Waiting } from "./in-little-space.js";
import { candidates, type SweepOptions, storedRatio } from "./plan-sweep.js";
import { type Steps, stepsOf } from "./steps.js";
import { takingTurns } from "./turns.js";

export async function sweep(ctx: Context, options: SweepOptions = {}): Promise<SweepReport> {
  const report = emptyReport();
  const op: OpOptions = { signal: options.signal };
  const turns = takingTurns(ctx, op);
  try {
    await archiveIdle(ctx, candidates(ctx, options), stepsOf(ctx, options, turns, report), report, op);
  } finally {
    await turns.end();
  }
  report.archiveBytesFreed += await collectDropped(ctx, op);
  addReport(report, await prune(ctx, options));
  const unknown = (await ctx.notes.read(op))?.unknown;
  return { ...report, unknownCount: unknown?.count ?? 0, unknownBytes: unknown?.bytes ?? 0 };
}

/** Many at a time; without space one by one, until they have freed enough for many. */
async function archiveIdle(
  ctx: Context,
  objects: AsyncIterable<StoredObject>,
  { doAll, doOne }: Steps,
  report: SweepReport,
  op: OpOptions,
): Promise<void> {
  const refusals = new Map<string, unknown>();
  const refused = (id: string, error: unknown): unknown => refusals.set(id, error);
  let ratio: number | undefined;
  for (let next = objects; ; ) {
    const found: Pick<Waiting, "id" | "liveBytes">[] = [];
    await doAll(next, (id, liveBytes, refusal) => {
      found.push({ id, liveBytes });
      if (refusal !== undefined) refused(id, refusal);
    });
    if (found.length === 0) return;
    report.archiveBytesFreed += await collectDropped(ctx, op);
    ratio ??= await storedRatio(ctx, op);
    const share = ratio;
    const waiting = found.map((one): Waiting => ({ ...one, need: one.liveBytes * share }));
    if (!(await archiveInLittleSpace(waiting, doOne, refused))) {
      for (const { id } of waiting) if (refusals.has(id)) addFailure(report, id, refusals.get(id));
      report.outOfSpace = leftIn(waiting);
      return;
    }
    next = stored(ctx, waiting, report, op);
  }
}

function leftIn(waiting: readonly Waiting[]): OutOfSpace {
  let liveBytes = 0;
  let neededBytes = 0;
  for (const one of waiting) {
    liveBytes += one.liveBytes;
    neededBytes = Math.max(neededBytes, Math.ceil(Math.min(one.need, one.liveBytes)));
  }
  return { sessionCount: waiting.length, liveBytes, neededBytes };
}

/** Those of the sessions that are still there. */
async function* stored(
  ctx: Context,
  waiting: readonly Waiting[],
  report: SweepReport,
  op: OpOptions,
): AsyncGenerator<StoredObject> {
  for (const { id } of waiting) {
    try {
      const object = await ctx.objects.get(id, op);
      if (object) yield object;
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      addFailure(report, id, error);
    }
  }
}

import type { PlanStep, SweepOptions } from "@session-archiver/core";
import { daysArgument, sizeArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine, liveBytesOf } from "../sessions.js";
import { bytesIn, withByteProgress } from "./byte-progress.js";
import { giveSpaceBack } from "./give-space-back.js";
import { planOf, planText, reportText } from "./report.js";

interface Options {
  readonly inactiveDays?: number;
  readonly maxTotalBytes?: number;
  readonly dryRun?: true;
}

/** A sweep may set tombstones, if a cap is given; only `prune` gives up bytes: it is told after how many days. */
const GRACE_DAYS = Number.POSITIVE_INFINITY;

export const addSweep: AddCommand = (program, action) => {
  program
    .command("sweep")
    .description("archive all sessions that have been idle for some days")
    .option("--inactive-days <n>", "idle after this many days without activity (default: 7)", daysArgument)
    .option(
      "--max-total-bytes <size>",
      "then prune the oldest archives until all take up no more than this",
      sizeArgument,
    )
    .option("--dry-run", "show what would be done, change nothing")
    .action(action(sweep));
};

async function sweep(context: CommandContext, options: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  const { inactiveDays, maxTotalBytes } = options;
  const sweepOptions: SweepOptions = { inactiveDays, maxTotalBytes, graceDays: GRACE_DAYS, signal };
  const steps: PlanStep[] = [];
  for await (const step of archiver.plan(sweepOptions)) steps.push(step);
  const ids = steps.filter(({ action }) => action === "archive").map(({ id }) => id);

  if (options.dryRun) {
    const live = new Map<string, number>();
    for (const id of ids) live.set(id, await bytesIn(context, [id], liveBytesOf));
    const plan = planOf(steps, GRACE_DAYS, (id) => live.get(id) ?? 0);
    await output.result(plan, planText(plan, GRACE_DAYS));
    return true;
  }
  const total = await bytesIn(context, ids, liveBytesOf);
  const report = await withByteProgress(context, "sweep", total, () => archiver.sweep(sweepOptions));
  for (const failure of report.failures) output.note(failureLine(failure));
  await giveSpaceBack(context);
  await output.result(report, reportText(report, GRACE_DAYS));
  return report.failedCount === 0;
}

import type { PlanStep, PruneOptions, SweepOptions } from "@session-archiver/core";
import { daysArgument, sizeArgument } from "../arguments.js";
import { type AddCommand, type CommandContext, unlessDryRun } from "../command.js";
import { failureLine } from "../sessions.js";
import { withByteProgress } from "./byte-progress.js";
import { giveSpaceBack } from "./give-space-back.js";
import { byOption, pruningOf } from "./prune-options.js";
import { noteRefused, planOf, planText, reportText } from "./report.js";

interface Options {
  readonly inactiveDays?: number;
  readonly maxTotalBytes?: number;
  readonly by?: PruneOptions["by"];
  readonly dryRun?: true;
}

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
    .addOption(byOption())
    .option("--dry-run", "show what would be done, change nothing")
    .action(action(sweep, unlessDryRun));
};

async function sweep(context: CommandContext, { dryRun, ...limits }: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  // With a cap, a sweep may set tombstones; only `prune` deletes their bytes.
  const options: SweepOptions = { ...limits, tombstonesOnly: true, signal };
  const pruning = pruningOf(context, options);
  const steps: PlanStep[] = [];
  for await (const step of archiver.plan(options)) steps.push(step);

  if (dryRun) {
    const plan = planOf(steps, pruning);
    await output.result(plan, () => planText(plan, pruning));
    return true;
  }
  const expected = new Map(steps.flatMap((step) => (step.action === "archive" ? [[step.id, step.liveBytes]] : [])));
  const report = await withByteProgress(context, "sweep", expected, () => archiver.sweep(options));
  for (const failure of report.failures) output.note(failureLine(failure));
  await giveSpaceBack(context);
  noteRefused(context, report);
  await output.result(report, reportText(report, pruning));
  return report.failedCount === 0 && report.refused === null;
}

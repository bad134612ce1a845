import type { PlanStep, PruneOptions } from "@session-archiver/core";
import { daysArgument, sizeArgument } from "../arguments.js";
import { type AddCommand, type CommandContext, unlessDryRun } from "../command.js";
import { failureLine } from "../failure-line.js";
import { stopYoungGrowth } from "../keep-young-small.js";
import { undoText } from "../output/times.js";
import { giveSpaceBack } from "./give-space-back.js";
import { byOption, pruningOf } from "./prune-options.js";
import { noteRefused, planOf, planText, reportText } from "./report.js";

interface Options {
  readonly maxTotalBytes?: number;
  readonly olderThan?: number;
  readonly by?: PruneOptions["by"];
  readonly grace?: number;
  readonly dryRun?: true;
}

export const addPrune: AddCommand = (program, action) => {
  program
    .command("prune")
    .description("prune archives beyond the limits, if any, and delete the bytes of those whose grace period is over")
    .option("--max-total-bytes <size>", "prune the oldest archives until all take up no more than this", sizeArgument)
    .option("--older-than <days>", "prune archives older than this", daysArgument)
    .addOption(byOption())
    .option(
      "--grace <days>",
      "delete the bytes of tombstones this old (default: on each one's own date, after 7 days; 0: at once, no way back)",
      daysArgument,
    )
    .option("--dry-run", "show what would be done, change nothing")
    .action(action(prune, unlessDryRun));
};

/** With less, a purge of 50,000 took an eighth more processor time. */
const YOUNG_MIB = 16;

async function prune(context: CommandContext, options: Options): Promise<boolean> {
  stopYoungGrowth(YOUNG_MIB);
  const { archiver, output, signal } = context;
  const { maxTotalBytes, olderThan: olderThanDays, by, grace: graceDays } = options;
  const pruneOptions: PruneOptions = { maxTotalBytes, olderThanDays, by, graceDays, signal };
  const pruning = pruningOf(context, pruneOptions);
  if (options.dryRun) {
    const steps: PlanStep[] = [];
    // No session is idle for that long, so the plan skips what a sweep would archive.
    for await (const step of archiver.plan({ ...pruneOptions, inactiveDays: Number.POSITIVE_INFINITY })) {
      if (step.action === "prune" || step.action === "purge") steps.push(step);
    }
    const plan = { ...planOf(steps, pruning), refused: await archiver.setBack({ signal }) };
    noteRefused(context, plan);
    await output.result(plan, () => planText(plan, pruning));
    return plan.refused === null;
  }
  context.listen((event) => {
    if (event.type === "pruned") {
      const undo = pruning.undoableUntil === undefined ? "" : `; ${undoText(event.undoableUntil)}`;
      output.note(`pruned ${event.id}: ${event.reason}${undo}`);
    }
    if (event.type === "purged") output.note(`gave up the bytes of ${event.id}`);
  });
  const report = await archiver.prune(pruneOptions);
  for (const failure of report.failures) output.note(failureLine(failure));
  await giveSpaceBack(context);
  noteRefused(context, report);
  await output.result(report, reportText(report, pruning));
  return report.failedCount === 0 && report.refused === null;
}

import { DEFAULT_POLICY, type PlanStep, type PruneOptions } from "@session-archiver/core";
import { daysArgument, sizeArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine } from "../sessions.js";
import { giveSpaceBack } from "./give-space-back.js";
import { planOf, planText, reportText } from "./report.js";

interface Options {
  readonly maxTotalBytes?: number;
  readonly olderThan?: number;
  readonly grace?: number;
  readonly dryRun?: true;
}

export const addPrune: AddCommand = (program, action) => {
  program
    .command("prune")
    .description(
      "drop archives: a tombstone first, the bytes by a prune after the grace period; without limits only the latter",
    )
    .option("--max-total-bytes <size>", "drop the oldest until all take up no more than this", sizeArgument)
    .option("--older-than <days>", "drop what was archived longer ago than this", daysArgument)
    .option(
      "--grace <days>",
      "give up bytes of tombstones this old (default: 7; 0: at once, no way back)",
      daysArgument,
    )
    .option("--dry-run", "show what would be done, change nothing")
    .action(action(prune));
};

async function prune(context: CommandContext, options: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  const { maxTotalBytes, olderThan: olderThanDays, grace: graceDays = DEFAULT_POLICY.graceDays } = options;
  const pruneOptions: PruneOptions = { maxTotalBytes, olderThanDays, graceDays, signal };
  if (options.dryRun) {
    const steps: PlanStep[] = [];
    for await (const step of archiver.plan(pruneOptions)) {
      if (step.action === "prune" || step.action === "purge") steps.push(step);
    }
    const plan = planOf(steps, graceDays);
    await output.result(plan, planText(plan, graceDays));
    return true;
  }
  context.listen((event) => {
    if (event.type === "pruned") output.note(`pruned ${event.id}: ${event.reason}`);
    if (event.type === "purged") output.note(`gave up the bytes of ${event.id}`);
  });
  const report = await archiver.prune(pruneOptions);
  for (const failure of report.failures) output.note(failureLine(failure));
  await giveSpaceBack(context);
  await output.result(report, reportText(report, graceDays));
  return report.failedCount === 0;
}

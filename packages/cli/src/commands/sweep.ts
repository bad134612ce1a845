import type { PlanStep, PruneOptions, SweepOptions } from "@session-archiver/core";
import type { Command } from "commander";
import { countArgument, daysArgument, sizeArgument } from "../arguments.js";
import { type AddCommand, type AloneContext, type CommandContext, unlessDryRun } from "../command.js";
import { advised, UNDO_ADVICE } from "../exit.js";
import { failureLine } from "../failure-line.js";
import { FILTER_HELP, filterArgument } from "../folders/filters-option.js";
import { sourcesArgument } from "../folders/sources-argument.js";
import type { FolderOptions as WantedOptions } from "../folders/wanted.js";
import { UsageError } from "../usage-error.js";
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

/** With `--source`. */
interface FolderOptions extends Partial<WantedOptions> {
  readonly freeAnywhere?: true;
  readonly yes?: true;
  readonly dryRun?: true;
}

/** Options that only one of the two kinds of sweep has. */
const OF_FOLDERS = ["keepOriginals", "keepLast", "keepWithin", "only", "exclude", "freeAnywhere", "yes"] as const;
const OF_THE_STORE = ["maxTotalBytes", "by"] as const;

export const addSweep: AddCommand = (program, action) => {
  program
    .command("sweep")
    .description("archive all sessions that have been idle for some days: those of the store, or of agents' folders")
    .option("--source <names>", "sweep these where they lie: claude-code, codex, DIR; commas between", sourcesArgument)
    .option("--inactive-days <n>", "idle after this many days without activity (default: 7)", daysArgument)
    .option(
      "--max-total-bytes <size>",
      "then prune the oldest archives until all take up no more than this",
      sizeArgument,
    )
    .addOption(byOption())
    .option("--keep-originals", "with --source: archive, and free nothing")
    .option("--keep-last <n>", "with --source: leave the newest of each project", countArgument)
    .option("--keep-within <days>", "with --source: leave those near their project's last activity", daysArgument)
    .option("--only <filter>", `with --source: ${FILTER_HELP}; may be repeated`, filterArgument)
    .option("--exclude <filter>", "with --source: leave those that match", filterArgument)
    .option("--free-anywhere", "with --source: also on shared and synced file systems, and on untried systems")
    .option("--yes", "with --source: don't ask before the first run")
    .option("--dry-run", "show what would be done, change nothing")
    .hook("preAction", (_, command) => checkOptions(command))
    .action(async (options: Options & FolderOptions) => {
      await (options.source ? action.alone(sweepFolders)(options) : action(sweep, unlessDryRun)(options));
    });
};

function checkOptions(command: Command): void {
  const isFolders = command.getOptionValue("source") !== undefined;
  const names = isFolders ? OF_THE_STORE : OF_FOLDERS;
  const wrong = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (wrong === undefined) return;
  const flag = `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${flag} goes ${isFolders ? "without" : "with"} --source: see \`sweep --help\`.`);
}

/** Loaded late: it brings what is known of agents' folders. */
async function sweepFolders(alone: AloneContext, { source = [], ...options }: FolderOptions): Promise<number> {
  const [{ sweepAgentFolders }, { wantedByOptions }, { withAgentNames }] = await Promise.all([
    import("../folders/sweep-folders.js"),
    import("../folders/wanted.js"),
    import("../folders/agent-names.js"),
  ]);
  // Before the stores are opened, which makes a home.
  const named = withAgentNames(options);
  const work = sweepAgentFolders(alone, {
    dryRun: options.dryRun === true,
    yes: options.yes === true,
    freesAnywhere: options.freeAnywhere === true,
    find: (context, host) => wantedByOptions(context, host, { source, ...named }),
  });
  return options.dryRun ? work : advised(work, UNDO_ADVICE);
}

async function sweep(context: CommandContext, { dryRun, ...limits }: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  // With a cap, a sweep may set tombstones; only `prune` deletes their bytes.
  const options: SweepOptions = { ...limits, tombstonesOnly: true, signal };
  const pruning = pruningOf(context, options);
  if (dryRun) {
    const steps: PlanStep[] = [];
    for await (const step of archiver.plan(options)) steps.push(step);
    const plan = planOf(steps, pruning);
    await output.result(plan, () => planText(plan, pruning));
    return true;
  }
  const expected = new Map<string, number>();
  for await (const step of archiver.plan({ ...options, maxTotalBytes: Number.POSITIVE_INFINITY })) {
    if (step.action === "archive") expected.set(step.id, step.liveBytes);
  }
  const report = await withByteProgress(context, "sweep", expected, () => archiver.sweep(options));
  for (const failure of report.failures) output.note(failureLine(failure));
  await giveSpaceBack(context);
  noteRefused(context, report);
  await output.result(report, reportText(report, pruning));
  return report.failedCount === 0 && report.refused === null;
}

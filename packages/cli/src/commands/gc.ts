import type { GcReport } from "@session-archiver/core";
import type { Command } from "commander";
import { daysArgument } from "../arguments.js";
import { type AddCommand, type CommandContext, type GlobalOptions, unlessDryRun } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { count, printable } from "../output/text.js";
import { firstLine } from "../stdin.js";
import { UsageError } from "../usage-error.js";
import { giveSpaceBack } from "./give-space-back.js";
import { noteRefused } from "./report.js";

interface Options {
  readonly grace?: number;
  readonly dryRun?: true;
  readonly unknown?: true;
  readonly yes?: true;
}

const OLD_NAME = "collect";

export const addGc: AddCommand = (program, action) => {
  program
    .command("gc")
    .alias(OLD_NAME)
    .description("delete archive files that no session needs, once that is proven (was called collect)")
    .option("--grace <days>", "only files this old (default: 1)", daysArgument)
    .option("--dry-run", "show what would be deleted, change nothing")
    .option("--unknown", "also delete files that nothing explains: shows them first, and asks")
    .option("--yes", "with --unknown: don't ask")
    .hook("preAction", (_, command) => checkOptions(program.opts<GlobalOptions>(), command.opts<Options>()))
    .action(action(gc, unlessDryRun));
};

/** Compared with another store's sessions, all archives would be unknown. */
function checkOptions({ store, archives }: GlobalOptions, { unknown, yes }: Options): void {
  if ((store === undefined) !== (archives === undefined)) {
    throw new UsageError("gc compares the sessions of --store with the files of --archives: name both, or neither.");
  }
  if (yes && !unknown) throw new UsageError("--yes answers what --unknown asks: give both, or neither.");
}

async function gc(context: CommandContext, options: Options, command: Command): Promise<boolean> {
  const { archiver, output, signal } = context;
  if (command.parent?.args[0] === OLD_NAME) output.note("collect is now called gc.");
  const { grace: graceDays, unknown, yes } = options;
  let isAlsoUnknown = unknown === true;
  if (options.dryRun || (unknown && !yes)) {
    const report = await archiver.gc({ graceDays, dryRun: true, signal });
    isAlsoUnknown = report.unknown.count > 0;
    if (options.dryRun || (isAlsoUnknown && !(await isWanted(context, report))))
      return tell(context, report, options, true);
  }
  const report = await archiver.gc({ graceDays, unknown: isAlsoUnknown ? "delete" : "keep", signal });
  await giveSpaceBack(context);
  return tell(context, report, options, false);
}

/** Shows what nothing explains; whether a person at a terminal says to delete it. */
async function isWanted({ output, stdin, terminal, signal }: CommandContext, { unknown }: GcReport): Promise<boolean> {
  if (!stdin || !terminal || output.json) return false;
  for (const line of unknownKeys(unknown)) output.note(line);
  output.note(`Nothing explains ${sized(unknown)}. They may hold the only copy of a session.`);
  output.note("Delete them for good? Type yes:");
  return /^yes$/i.test((await firstLine(stdin, signal)).trim());
}

/** Whether everything that was asked for was done. */
async function tell(
  context: CommandContext,
  report: GcReport,
  { dryRun, unknown: isAsked }: Options,
  isDry: boolean,
): Promise<boolean> {
  const { output } = context;
  const { keys, archiveBytesFreed: bytes, unknown, refused } = report;
  const isUndone = isDry && !dryRun;
  const lines = [
    ...keys.map(printable),
    `${isDry ? "Would delete" : "Deleted"} ${sized({ count: keys.length, bytes })}.`,
    ...(isAsked ? unknownKeys(unknown).map(printable) : []),
  ];
  if (unknown.count > 0) lines.push(`Unknown: ${sized(unknown)} that nothing explains${isAsked ? "." : WHAT_TO_DO}`);
  if (!isAsked) noteRefused(context, report);
  if (isUndone) output.note("Nothing was deleted. To delete these files for good, add --yes.");
  await output.result(report, lines.join("\n"));
  return !isUndone && (refused === null || isAsked === true);
}

const WHAT_TO_DO =
  ". They may belong to another store, or to sessions that this one has forgotten, and were left alone. " +
  "`gc --unknown` shows them, and deletes them if you say so.";

function unknownKeys({ count: all, keys }: GcReport["unknown"]): readonly string[] {
  const rest = all - keys.length;
  return [...keys, ...(rest > 0 ? [`… and ${rest} more`] : [])].map((key) => `unknown: ${key}`);
}

function sized({ count: files, bytes }: { readonly count: number; readonly bytes: number }): string {
  return `${count(files, "file")}, ${formatSize(bytes)}`;
}

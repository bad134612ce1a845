import { daysArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { UsageError } from "../exit.js";
import { formatSize } from "../output/sizes.js";
import { count, printable } from "../output/text.js";
import type { GlobalOptions } from "../program.js";
import { giveSpaceBack } from "./give-space-back.js";

interface Options {
  readonly grace?: number;
  readonly dryRun?: true;
}

export const addCollect: AddCommand = (program, action) => {
  program
    .command("collect")
    .description("delete archive files that no session needs any more, as restores and interruptions leave them")
    .option("--grace <days>", "only files this old (default: 1)", daysArgument)
    .option("--dry-run", "show what would be deleted, change nothing")
    .hook("preAction", () => requireBothOrNone(program.opts<GlobalOptions>()))
    .action(action(collect));
};

/** An archive is needed by the sessions of its own store: beside another store's sessions it would be taken for waste. */
function requireBothOrNone({ store, archives }: GlobalOptions): void {
  if ((store === undefined) === (archives === undefined)) return;
  throw new UsageError("collect deletes what no session of --store needs from --archives: name both, or neither.");
}

async function collect(context: CommandContext, { grace: graceDays, dryRun }: Options): Promise<boolean> {
  const { archiver, output, signal } = context;
  const report = await archiver.collect({ graceDays, dryRun, signal });
  if (!dryRun) await giveSpaceBack(context);
  const { keys, archiveBytesFreed } = report;
  const summary = `${dryRun ? "Would delete" : "Deleted"} ${count(keys.length, "file")}, ${formatSize(archiveBytesFreed)}.`;
  await output.result(report, [...keys.map(printable), summary].join("\n"));
  return true;
}

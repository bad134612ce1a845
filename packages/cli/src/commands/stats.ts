import type { SessionFailure } from "@session-archiver/core";
import { sessionMatcher } from "@session-archiver/search";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import type { OnDisk } from "../on-disk.js";
import { formatSize } from "../output/sizes.js";
import { formatTime } from "../output/times.js";
import { filterFrom, isFiltering } from "../select/filter.js";
import { type FilterOptions, filtering } from "../select/filter-options.js";
import { unknownText } from "./report.js";
import { addTo, newSum, type Totals, totalsOf } from "./totals.js";

export const addStats: AddCommand = (program, action) => {
  filtering(program.command("stats").description("show totals, of all sessions or of those that fit filters")).action(
    action(stats, "read"),
  );
};

async function stats(context: CommandContext, options: FilterOptions): Promise<boolean> {
  const { archiver, signal, output } = context;
  const matches = sessionMatcher(await filterFrom(options, context));
  let isWhole = true;
  const onFailure = (failure: SessionFailure): void => {
    isWhole = false;
    output.note(failureLine(failure));
  };
  const sum = newSum();
  for await (const info of archiver.list({ onFailure, signal })) if (matches(info)) addTo(sum, info);
  const { count, bytes } = (await archiver.gc({ dryRun: true, graceDays: 0, signal })).unknown;
  // It brings an adapter with it, which the help does not need.
  const { onDisk } = await import("../on-disk.js");
  const totals = totalsOf(sum, { count, bytes }, await onDisk(context.places));
  await output.result(totals, textOf(totals, isFiltering(options)));
  return isWhole;
}

/** With the blocks of small files, which are larger than their contents, and the folders. */
function onDiskLine({ storeBytes, archiveBytes }: OnDisk): readonly string[] {
  const parts = [
    ...(storeBytes === null ? [] : [`${formatSize(storeBytes)} for the store`]),
    ...(archiveBytes === null ? [] : [`${formatSize(archiveBytes)} for archives`]),
  ];
  const total = formatSize((storeBytes ?? 0) + (archiveBytes ?? 0));
  const isOne = storeBytes !== null && archiveBytes === null;
  return parts.length === 0 ? [] : [`On disk        ${isOne ? total : `${total}: ${parts.join(", ")}`}`];
}

/** What no session explains belongs to none that was chosen, and the disk is not divided among them. */
function textOf(totals: Totals, isOfSome: boolean): string {
  const { total, live, archived, mirrored, resumed, pruned, pinned } = totals.sessions;
  const ratio = totals.ratio === null ? "" : ` (archives hold ${totals.ratio.toFixed(1)} times their size)`;
  return [
    `Sessions       ${total}: ${live} live, ${archived} archived, ${mirrored} mirrored, ${resumed} resumed, ${pruned} pruned; ${pinned} pinned`,
    `Lines          ${totals.lineCount}`,
    `Raw            ${formatSize(totals.rawBytes)}`,
    `Total          ${formatSize(totals.totalBytes)}: ${formatSize(totals.liveBytes)} live, ${formatSize(totals.archiveBytes)} in archives`,
    ...(isOfSome ? [] : onDiskLine(totals.onDisk)),
    ...(totals.unknown.count > 0 && !isOfSome ? [`Unknown        ${unknownText(totals.unknown)}`] : []),
    `Saved          ${formatSize(totals.savedBytes)}${ratio}`,
    `Last activity  ${formatTime(totals.oldestActivityMs)} to ${formatTime(totals.newestActivityMs)}`,
  ].join("\n");
}

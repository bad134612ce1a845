import type { SessionInfo, SessionState } from "@session-archiver/core";
import { sessionMatcher } from "@session-archiver/search";
import type { AddCommand, CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTime } from "../output/times.js";
import { filterFrom, isFiltering } from "../select/filter.js";
import { type FilterOptions, filtering } from "../select/filter-options.js";
import { allSessions, failureLine } from "../sessions.js";
import { unknownText } from "./report.js";

/** The document of `stats --json`. Sizes in bytes, times in unix ms. */
export interface Totals {
  readonly sessions: Readonly<Record<SessionState | "total" | "pinned", number>>;
  readonly lineCount: number;
  /** What a read of every session would give. */
  readonly rawBytes: number;
  /** In live storage. */
  readonly liveBytes: number;
  /** In the archive, including manifests and pruned sessions whose grace period is not over. */
  readonly archiveBytes: number;
  /** Live storage and archive. */
  readonly totalBytes: number;
  /** Archive files that no session explains, in all of the store; not part of the sums above. */
  readonly unknown: { readonly count: number; readonly bytes: number };
  /** Raw bytes that take up no space, thanks to the archive. Those of mirrored sessions still do. */
  readonly savedBytes: number;
  /** Archived raw bytes divided by the bytes they take up; `null` if nothing is archived. */
  readonly ratio: number | null;
  readonly oldestActivityMs: number | null;
  readonly newestActivityMs: number | null;
}

export const addStats: AddCommand = (program, action) => {
  filtering(program.command("stats").description("show totals, of all sessions or of those that fit filters")).action(
    action(stats, "read"),
  );
};

async function stats(context: CommandContext, options: FilterOptions): Promise<boolean> {
  const matches = sessionMatcher(await filterFrom(options, context));
  const { infos, failures } = await allSessions(context);
  for (const failure of failures) context.output.note(failureLine(failure));
  const { archiver, signal } = context;
  const { count, bytes } = (await archiver.gc({ dryRun: true, graceDays: 0, signal })).unknown;
  const totals = totalsOf(infos.filter(matches), { count, bytes });
  await context.output.result(totals, textOf(totals, isFiltering(options)));
  return failures.length === 0;
}

function totalsOf(infos: readonly SessionInfo[], unknown: Totals["unknown"]): Totals {
  const sum = (measure: (info: SessionInfo) => number, of = infos): number =>
    of.reduce((total, info) => total + measure(info), 0);
  const inState = (state: SessionState): number => infos.filter((info) => info.state === state).length;
  const readable = infos.filter(({ state }) => state !== "pruned");
  const archived = readable.filter((info) => info.archiveBytes > 0);
  const rawBytes = sum((info) => info.rawBytes, readable);
  const alone = readable.filter(({ state }) => state !== "mirrored");
  const archiveBytes = sum(({ archiveBytes }) => archiveBytes, archived);
  const archivedRaw = sum((info) => info.rawBytes, archived) - sum(({ liveBytes }) => liveBytes, archived);
  const times = infos.flatMap(({ lastActivityMs }) => lastActivityMs ?? []);
  return {
    sessions: {
      total: infos.length,
      live: inState("live"),
      archived: inState("archived"),
      mirrored: inState("mirrored"),
      resumed: inState("resumed"),
      pruned: inState("pruned"),
      pinned: infos.filter(({ pinned }) => pinned).length,
    },
    lineCount: sum(({ lineCount }) => lineCount, readable),
    rawBytes,
    liveBytes: sum(({ liveBytes }) => liveBytes),
    archiveBytes: sum(({ archiveBytes }) => archiveBytes),
    totalBytes: sum(({ totalBytes }) => totalBytes),
    unknown,
    savedBytes: sum((info) => info.rawBytes - info.totalBytes, alone),
    ratio: archiveBytes > 0 ? archivedRaw / archiveBytes : null,
    oldestActivityMs: times.at(-1) ?? null,
    newestActivityMs: times[0] ?? null,
  };
}

/** What no session explains belongs to none that was chosen. */
function textOf(totals: Totals, isOfSome: boolean): string {
  const { total, live, archived, mirrored, resumed, pruned, pinned } = totals.sessions;
  const ratio = totals.ratio === null ? "" : ` (archives hold ${totals.ratio.toFixed(1)} times their size)`;
  return [
    `Sessions       ${total}: ${live} live, ${archived} archived, ${mirrored} mirrored, ${resumed} resumed, ${pruned} pruned; ${pinned} pinned`,
    `Lines          ${totals.lineCount}`,
    `Raw            ${formatSize(totals.rawBytes)}`,
    `Total          ${formatSize(totals.totalBytes)}: ${formatSize(totals.liveBytes)} live, ${formatSize(totals.archiveBytes)} in archives`,
    ...(totals.unknown.count > 0 && !isOfSome ? [`Unknown        ${unknownText(totals.unknown)}`] : []),
    `Saved          ${formatSize(totals.savedBytes)}${ratio}`,
    `Last activity  ${formatTime(totals.oldestActivityMs)} to ${formatTime(totals.newestActivityMs)}`,
  ].join("\n");
}

/** Reports and plans of sweeps and prunes, as text for people. */
import {
  emptyReport,
  type OutOfSpace,
  type PlanStep,
  type PruneOptions,
  type SweepReport,
} from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { count } from "../output/text.js";
import { formatTime, undoText } from "../output/times.js";

/** The document of a dry run: the report as it would be, and the steps that lead to it. */
export interface Plan extends SweepReport {
  readonly plan: readonly PlanStep[];
}

/** How sessions are pruned, as far as the texts mention it. */
export interface Pruning {
  readonly by: PruneOptions["by"];
  /** New tombstones can be taken back until then, unix ms; `undefined` if their bytes are deleted at once. */
  readonly undoableUntil: number | undefined;
}

/** The report of these steps. */
export function planOf(steps: readonly PlanStep[], { undoableUntil }: Pruning): Plan {
  const plan: Plan = { ...emptyReport(), plan: steps };
  for (const step of steps) {
    if (step.action === "archive") {
      plan.archivedCount++;
      plan.liveBytesFreed += step.liveBytes;
      plan.archiveBytesAdded += step.estimatedArchiveBytes;
    } else if (step.action === "skip") {
      plan.skippedCount++;
    } else if (step.action !== "settle") {
      if (step.action === "prune") plan.prunedCount++;
      if (step.action === "prune" && undoableUntil !== undefined) continue;
      plan.purgedCount++;
      plan.archiveBytesFreed += step.archiveBytes;
    }
  }
  return plan;
}

/** A dry run's plan as a table, followed by its report. */
export async function planText(plan: Plan, pruning: Pruning): Promise<string> {
  const columns = [
    { title: "STEP" },
    { title: "LAST ACTIVITY" },
    { title: "BYTES", alignment: "right" },
    { title: "REASON" },
    { title: "ID" },
  ] as const;
  const rows = plan.plan.map((step) => [
    step.action,
    formatTime(step.lastActivityMs),
    bytesOf(step),
    reasonOf(step, pruning),
    step.id,
  ]);
  const steps = rows.length > 0 ? `${await formatTable(columns, rows)}\n` : "";
  return `${steps}${reportText(plan, pruning)}\nA dry run: nothing was changed.`;
}

/** The live bytes of a step that archives or settles; otherwise the size of the archive. */
function bytesOf(step: PlanStep): string {
  if ("liveBytes" in step) return formatSize(step.liveBytes);
  return step.archiveBytes > 0 ? formatSize(step.archiveBytes) : "-";
}

function reasonOf(step: PlanStep, { by }: Pruning): string {
  if (step.action === "purge") return `${step.reason}, pruned ${formatTime(step.prunedAt)}`;
  if (step.action === "prune" && by === "archived") return `${step.reason}, archived ${formatTime(step.archivedAt)}`;
  return step.reason;
}

/** Prints on stderr why nothing was given up. */
export function noteRefused({ output }: CommandContext, { refused }: Pick<SweepReport, "refused">): void {
  if (refused !== null) output.note(`refused: ${refused} On the command line: \`session-archiver catch-up\`.`);
}

export function unknownText(unknown: { readonly count: number; readonly bytes: number }): string {
  return `${count(unknown.count, "archive file")} of ${formatSize(unknown.bytes)} that nothing explains: see \`gc --dry-run\``;
}

/** With the blocks of small files, which are larger than their contents; empty where a store can't tell. */
function onDiskText({ diskBytesFreed }: SweepReport): string {
  if (diskBytesFreed === undefined) return "";
  return `; ${formatSize(Math.abs(diskBytesFreed))} ${diskBytesFreed < 0 ? "more" : "less"} on disk`;
}

function outOfSpaceText({ sessionCount, liveBytes, neededBytes }: OutOfSpace): string {
  return `${count(sessionCount, "session")} of ${formatSize(liveBytes)} left: free about ${formatSize(neededBytes)}, then sweep again`;
}

export function reportText(report: SweepReport, { undoableUntil }: Pruning): string {
  const { archivedCount, prunedCount, purgedCount, skippedCount, failedCount } = report;
  const lines = [
    archivedCount > 0 &&
      `Archived    ${count(archivedCount, "session")}: ${formatSize(report.liveBytesFreed)} of live storage freed, ${formatSize(report.archiveBytesAdded)} of archives added${onDiskText(report)}`,
    archivedCount === 0 &&
      report.liveBytesFreed > 0 &&
      `Freed       ${formatSize(report.liveBytesFreed)} of live storage`,
    prunedCount > 0 &&
      `Pruned      ${count(prunedCount, "session")}${undoableUntil === undefined ? "" : `: ${undoText(undoableUntil)}, with \`undo-prune\``}`,
    purgedCount > 0 &&
      `Purged      ${count(purgedCount, "session")}: ${formatSize(report.archiveBytesFreed)} of archives freed, for good`,
    skippedCount > 0 && `Left alone  ${count(skippedCount, "session")}`,
    failedCount > 0 && `Failed      ${count(failedCount, "session")}`,
    report.outOfSpace && `No space    ${outOfSpaceText(report.outOfSpace)}`,
    report.unknownCount > 0 && `Unknown     ${unknownText({ count: report.unknownCount, bytes: report.unknownBytes })}`,
  ].filter((line) => line !== false && line !== undefined);
  return lines.length > 0 ? lines.join("\n") : "There was nothing to do.";
}

/** Reports and plans of sweeps and prunes, for people. */
import { emptyReport, type PlanStep, type SweepReport } from "@session-archiver/core";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";

/** What a dry run tells: the report as it would be, and the steps that lead there. */
export interface Plan extends SweepReport {
  readonly plan: readonly PlanStep[];
}

/**
 * Archive bytes of a session that is not compressed yet are guessed: the measured mean for transcripts of two agents is
 * 5 to 6 raw bytes a stored one.
 */
const GUESSED_RATIO = 5;

/** The report of these steps. `liveBytesOf`: live bytes of a session to be archived. `graceDays` of 0 frees at once. */
export function planOf(
  steps: readonly PlanStep[],
  graceDays: number,
  liveBytesOf: (id: string) => number = () => 0,
): Plan {
  const plan: Plan = { ...emptyReport(), plan: steps };
  for (const step of steps) {
    if (step.action === "archive") {
      plan.archivedCount++;
      plan.liveBytesFreed += liveBytesOf(step.id);
      plan.archiveBytesAdded += Math.round(liveBytesOf(step.id) / GUESSED_RATIO);
    } else if (step.action === "skip") {
      plan.skippedCount++;
    } else if (step.action !== "settle") {
      if (step.action === "prune") plan.prunedCount++;
      if (step.action === "purge" || graceDays === 0) plan.archiveBytesFreed += step.archiveBytes;
    }
  }
  return plan;
}

/** A dry run's plan as a table, and what it comes to. */
export function planText(plan: Plan, graceDays: number): string {
  const columns = [
    { title: "STEP" },
    { title: "BYTES", alignment: "right" },
    { title: "REASON" },
    { title: "ID" },
  ] as const;
  const rows = plan.plan.map((step) => [
    step.action,
    "archiveBytes" in step ? formatSize(step.archiveBytes) : "",
    step.action === "archive" ? `idle since ${formatTime(step.lastActivityMs)}` : step.reason,
    step.id,
  ]);
  const steps = rows.length > 0 ? `${formatTable(columns, rows)}\n` : "";
  return `${steps}${reportText(plan, graceDays)}\nA dry run: nothing was changed.`;
}

export function reportText(report: SweepReport, graceDays: number): string {
  const { archivedCount, prunedCount, skippedCount, failedCount } = report;
  const lines = [
    archivedCount > 0 &&
      `Archived    ${count(archivedCount, "session")}: ${formatSize(report.liveBytesFreed)} of live storage freed, ${formatSize(report.archiveBytesAdded)} of archives added`,
    archivedCount === 0 &&
      report.liveBytesFreed > 0 &&
      `Freed       ${formatSize(report.liveBytesFreed)} of live storage`,
    prunedCount > 0 &&
      `Pruned      ${count(prunedCount, "session")}${graceDays > 0 ? "; `undo-prune` brings them back until a `prune` gives up their bytes" : ""}`,
    report.archiveBytesFreed > 0 && `Freed       ${formatSize(report.archiveBytesFreed)} of archives, for good`,
    skippedCount > 0 && `Left alone  ${count(skippedCount, "session")}`,
    failedCount > 0 && `Failed      ${count(failedCount, "session")}`,
  ].filter((line) => line !== false);
  return lines.length > 0 ? lines.join("\n") : "There was nothing to do.";
}

/** Why a step is in the plan, in words. */

import { age, counted, date } from "../ui/format.ts";
import type { PlanRow, SessionRow } from "../worker/api.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const SKIPPED: Readonly<Record<string, string>> = {
  "not-agent": "Not an agent’s session",
  archived: "Archived already",
  pruned: "Pruned already",
  pinned: "Pinned",
  "no-activity": "When it was last active isn’t known",
  "no-lines": "It has no lines",
  recent: "Active too recently",
  restored: "Restored less than a day ago",
};

export function stepReason(step: PlanRow, row: SessionRow | undefined, now: number): string {
  switch (step.action) {
    case "archive":
      return row?.lastActivityMs ? `Idle for ${idleWords(now - row.lastActivityMs)}` : "Idle";
    case "settle":
      return "Archiving was interrupted: the copy in live storage is deleted";
    case "prune":
      return `Over the cap${row?.archivedAt ? ` · archived ${age(row.archivedAt, now)}` : ""}`;
    case "purge":
      if (!row?.prunedAt) return "Pruned before, and its grace period is over";
      return `Pruned on ${date(row.prunedAt)}${row.undoableUntil ? `, kept until ${date(row.undoableUntil)}` : ""}`;
    case "skip":
      if (step.reason === "pruned" && row?.undoableUntil)
        return `Pruned already, kept until ${date(row.undoableUntil)}`;
      return SKIPPED[step.reason] ?? step.reason;
  }
}

function idleWords(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  return days < 1 ? "less than a day" : counted(days, "day");
}

/** A plan for agents' folders as text: by project, then what stays and why, then the sums. */
import type { FolderPlan, FolderStep, PlannedHeld } from "@session-archiver/agent-folders";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { cleanUpLines, leftOutLine, notFreedLines } from "./place-text.js";
import { unmatchedFilters } from "./unmatched.js";

interface Group {
  readonly label: string;
  readonly project: string;
  readonly steps: FolderStep[];
}

export async function planText(plan: FolderPlan): Promise<string> {
  const table = await projectTable(plan.steps.filter(({ action }) => action !== "leave"));
  const lines = [
    ...unmatchedFilters(plan),
    ...stayLines(plan.steps),
    ...heldLines(plan.held),
    ...plan.places.flatMap((place) => [...notFreedLines(place), ...leftOutLine(place), ...cleanUpLines(place)]),
    sumLine(plan),
    ...waitLine(plan.steps),
  ];
  return [...(table === "" ? [] : [table]), ...lines].join("\n");
}

async function projectTable(steps: readonly FolderStep[]): Promise<string> {
  const groups = new Map<string, Group>();
  for (const step of steps) {
    const { label } = step.place.source;
    const key = `${label}\0${step.project}`;
    const group = groups.get(key) ?? { label, project: step.project, steps: [] };
    group.steps.push(step);
    groups.set(key, group);
  }
  if (groups.size === 0) return "";
  const columns = [
    { title: "SESSIONS", alignment: "right" },
    { title: "DISK", alignment: "right" },
    { title: "FREED", alignment: "right" },
    { title: "LAST ACTIVITY" },
    { title: "AGENT" },
    { title: "PROJECT" },
  ] as const;
  const sorted = [...groups.values()].sort((a, b) => diskOf(b.steps) - diskOf(a.steps));
  const rows = sorted.map(({ label, project, steps: own }) => [
    String(own.length),
    formatSize(diskOf(own)),
    formatSize(diskOf(own.filter(frees))),
    formatTime(Math.max(...own.map(({ lastActivityMs }) => lastActivityMs))),
    label,
    project,
  ]);
  return formatTable(columns, rows);
}

export function frees({ action }: FolderStep): boolean {
  return action === "archive-and-free" || action === "free";
}

function diskOf(steps: readonly FolderStep[]): number {
  return steps.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
}

/** How many sessions are left alone, or keep their files, for which reason. */
function stayLines(steps: readonly FolderStep[]): readonly string[] {
  const reasons = new Map<string, number>();
  for (const { reason } of steps) if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (reasons.size === 0) return [];
  const staying = [...reasons].reduce((sum, [, number]) => sum + number, 0);
  const parts = [...reasons]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, number]) => `${number === staying ? "" : `${number} `}${WORDS[reason] ?? reason}`);
  return [`Files stay of  ${count(staying, "session")}: ${parts.join(", ")}`];
}

const WORDS: Readonly<Record<string, string>> = {
  recent: "active lately",
  restored: "put back lately",
  filtered: "left out by the filters",
  "keep-last": "among the last of their project",
  "keep-within": "near their project's last activity",
  keeps: "with originals that are to stay",
  archived: "archived already",
  needed: "needed by others",
  stays: "impossible to free",
  "two-files": "with two files",
  "not-here": "in folders that are not freed",
  elsewhere: "archived from another place",
};

function heldLines(held: readonly PlannedHeld[]): readonly string[] {
  if (held.length === 0) return [];
  const bytes = held.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  const due = held.filter((one) => one.due).length;
  const kept = held.filter(({ reason }) => reason !== undefined).length;
  const waiting = held.filter(({ due: isDue, reason }) => !isDue && reason === undefined);
  const parts = [
    ...(due > 0 ? [`${due} of them ${due === 1 ? "is" : "are"} due now`] : []),
    ...(kept > 0 ? [`${kept} ${kept === 1 ? "stays" : "stay"}, by pins, filters or places`] : []),
    ...(waiting.length > 0 ? [`the next is due ${formatTime(Math.min(...waiting.map(({ dueAt }) => dueAt)))}`] : []),
  ];
  return [`Held aside     ${count(held.length, "file")} of ${formatSize(bytes)}: ${parts.join("; ")}`];
}

/** Whether a file can be let go of at once is only seen when it is taken. */
function waitLine(steps: readonly FolderStep[]): readonly string[] {
  if (!steps.some(frees)) return [];
  return ["               Files may first be held aside: then a sweep 24 hours later gives their disk back"];
}

/** `freesDiskBytes` counts the files that are held aside and due. */
function sumLine({ steps, held, freesDiskBytes, archiveBytesEstimate }: FolderPlan): string {
  const archiving = steps.filter(({ action }) => action === "archive" || action === "archive-and-free").length;
  const freeing = steps.filter(frees).length;
  const due = held.filter((one) => one.due).length;
  if (archiving + freeing + due === 0) return "There is nothing to archive or free.";
  const archives =
    archiving > 0 ? `about ${formatSize(archiveBytesEstimate)} of archives for ${count(archiving, "session")}` : "";
  if (freeing + due === 0) return `Adds           ${archives}; frees nothing`;
  const what = [
    ...(freeing > 0 ? [count(freeing, "session")] : []),
    ...(due > 0 ? [`${count(due, "file")} held aside`] : []),
  ];
  const net = Math.max(0, freesDiskBytes - archiveBytesEstimate);
  const freed = `${formatSize(freesDiskBytes)} of ${what.join(" and ")}`;
  return `Frees          ${freed}${archives === "" ? "" : `, adds ${archives}: about ${formatSize(net)} of disk`}`;
}

/** What a sweep of agents' folders has done, as text. */
import type { FolderReport, StepDone } from "@session-archiver/agent-folders";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";

export interface Told {
  readonly report: FolderReport;
  /** By how much the folders have shrunk together. */
  readonly freedBytes: number;
  /** What lies aside now, and from when on a run may let it go. */
  readonly heldDiskBytes: number;
  readonly heldUntil: number | undefined;
}

export function reportText({ report, freedBytes, heldDiskBytes, heldUntil }: Told): string {
  const { done, finished, failures, run } = report;
  const of = (outcome: StepDone["outcome"]): readonly StepDone[] => done.filter((one) => one.outcome === outcome);
  const archived = done.filter(isArchived).length;
  const back = finished.filter(({ outcome }) => outcome === "back").length;
  const lines = [
    archived > 0 && `Archived    ${count(archived, "session")}${addedText(report.archiveBytesAdded)}`,
    of("joined").length > 0 && `Joined      ${count(of("joined").length, "session")} whose agent had gone on`,
    `Freed       ${freedText(freedBytes, heldDiskBytes > 0)}`,
    heldDiskBytes > 0 &&
      `Held aside  ${formatSize(heldDiskBytes)}: a sweep after ${formatTime(heldUntil ?? null)} frees it if nothing has written to it`,
    of("left").length > 0 &&
      `Left alone  ${count(of("left").length, "session")} that changed meanwhile or can't be freed now`,
    back > 0 && `Put back    ${count(back, "file")} that had gone on`,
    failures.length > 0 && `Failed      ${count(failures.length, "session")}`,
    (of("freed").length > 0 || of("held").length > 0) && `To put all of it back: session-archiver undo ${run.id}`,
  ];
  return lines.filter((line) => line !== false).join("\n");
}

/** Whether its bytes went into an archive in this run, whatever became of its files. */
function isArchived({ step, outcome, archiveBytesAdded }: StepDone): boolean {
  if (outcome !== "archived" && outcome !== "held" && outcome !== "freed") return false;
  return step.action !== "free" || archiveBytesAdded > 0;
}

/** Archives take less than before where sessions that were imported file by file have become one. */
function addedText(bytes: number): string {
  if (bytes < 0) return `: archives take ${formatSize(-bytes)} less than before`;
  return bytes === 0 ? "" : `: ${formatSize(bytes)} of archives added`;
}

function freedText(bytes: number, isHeld: boolean): string {
  if (bytes >= 0) return `${formatSize(bytes)} of disk, archives counted`;
  return `nothing${isHeld ? " yet" : ""}: archives and catalogue take ${formatSize(-bytes)} more than before`;
}

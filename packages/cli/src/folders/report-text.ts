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
  const archived = done.filter(({ archiveBytesAdded }) => archiveBytesAdded > 0);
  const back = finished.filter(({ outcome }) => outcome === "back").length;
  const lines = [
    archived.length > 0 &&
      `Archived    ${count(archived.length, "session")}: ${formatSize(report.archiveBytesAdded)} of archives added`,
    of("joined").length > 0 && `Joined      ${count(of("joined").length, "session")} whose agent had gone on`,
    `Freed       ${freedText(freedBytes)}`,
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

function freedText(bytes: number): string {
  if (bytes < 0) return `nothing yet: ${formatSize(-bytes)} of disk are in use that were not before`;
  return `${formatSize(bytes)} of disk, archives counted`;
}

/** Adds sessions up one by one: a hundred thousand of them fit no memory. */
import type { SessionInfo, SessionState } from "@session-archiver/core";
import type { OnDisk } from "../on-disk.js";

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
  /** All of the stores on disk, not only what the filters let through; not part of the sums above. */
  readonly onDisk: OnDisk;
  /** Raw bytes that take up no space, thanks to the archive. Those of mirrored sessions still do. */
  readonly savedBytes: number;
  /** Archived raw bytes divided by the bytes they take up; `null` if nothing is archived. */
  readonly ratio: number | null;
  readonly oldestActivityMs: number | null;
  readonly newestActivityMs: number | null;
}

/** Sums so far. */
export interface Sum {
  readonly sessions: Record<SessionState | "total" | "pinned", number>;
  lineCount: number;
  rawBytes: number;
  liveBytes: number;
  archiveBytes: number;
  totalBytes: number;
  savedBytes: number;
  /** Raw bytes that are in the archive alone, and what they take up there. */
  archivedRawBytes: number;
  readableArchiveBytes: number;
  oldestActivityMs: number | null;
  newestActivityMs: number | null;
}

export function newSum(): Sum {
  return {
    sessions: { total: 0, live: 0, archived: 0, mirrored: 0, resumed: 0, pruned: 0, pinned: 0 },
    lineCount: 0,
    rawBytes: 0,
    liveBytes: 0,
    archiveBytes: 0,
    totalBytes: 0,
    savedBytes: 0,
    archivedRawBytes: 0,
    readableArchiveBytes: 0,
    oldestActivityMs: null,
    newestActivityMs: null,
  };
}

export function addTo(sum: Sum, info: SessionInfo): void {
  const { state, rawBytes, liveBytes, archiveBytes, totalBytes, lastActivityMs } = info;
  sum.sessions.total++;
  sum.sessions[state]++;
  if (info.pinned) sum.sessions.pinned++;
  sum.liveBytes += liveBytes;
  sum.archiveBytes += archiveBytes;
  sum.totalBytes += totalBytes;
  if (lastActivityMs !== null) {
    sum.oldestActivityMs = Math.min(sum.oldestActivityMs ?? lastActivityMs, lastActivityMs);
    sum.newestActivityMs = Math.max(sum.newestActivityMs ?? lastActivityMs, lastActivityMs);
  }
  if (state === "pruned") return;
  sum.lineCount += info.lineCount;
  sum.rawBytes += rawBytes;
  if (state !== "mirrored") sum.savedBytes += rawBytes - totalBytes;
  if (archiveBytes === 0) return;
  sum.archivedRawBytes += rawBytes - liveBytes;
  sum.readableArchiveBytes += archiveBytes;
}

export function totalsOf(sum: Sum, unknown: Totals["unknown"], disk: OnDisk): Totals {
  const { archivedRawBytes, readableArchiveBytes, ...totals } = sum;
  const ratio = readableArchiveBytes > 0 ? archivedRawBytes / readableArchiveBytes : null;
  return { ...totals, unknown, onDisk: disk, ratio };
}

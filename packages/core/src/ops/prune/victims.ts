/** Which archives a prune drops. Pure. */

/** What the age of an archive is: the time since its session's last activity, or since it was archived. */
export type PruneOrder = "activity" | "archived";

/** An archive that may be pruned. Times in unix ms. */
export interface PruneCandidate {
  readonly id: string;
  /** When it was archived, where that is unknown. */
  readonly lastActivityMs: number;
  readonly archivedAt: number;
  readonly archiveBytes: number;
  /** Pinned and resumed sessions count toward the cap but are never dropped. */
  readonly protected: boolean;
}

export interface PruneVictim extends PruneCandidate {
  readonly reason: string;
}

/** What `victims` goes by. */
export interface PruneLimits {
  readonly maxTotalBytes: number;
  /** Archives of which this time was before it are dropped whatever the total; unix ms. */
  readonly olderThan?: number | undefined;
  /** What all archives hold, if the candidates are only some of them. */
  readonly totalBytes?: number | undefined;
  /** By last activity if not given. */
  readonly by?: PruneOrder | undefined;
}

export function oldestFirst<C extends PruneCandidate>(
  candidates: readonly C[],
  by: PruneOrder = "activity",
): readonly C[] {
  return candidates.toSorted((a, b) => ageTime(a, by) - ageTime(b, by) || (a.id < b.id ? -1 : 1));
}

/** Archives to drop, oldest first: those that are too old, then as many as the cap asks for. */
export function pruneVictims<C extends PruneCandidate>(
  candidates: readonly C[],
  { maxTotalBytes, olderThan = Number.NEGATIVE_INFINITY, totalBytes, by = "activity" }: PruneLimits,
): readonly (C & PruneVictim)[] {
  let total = totalBytes ?? candidates.reduce((sum, candidate) => sum + candidate.archiveBytes, 0);
  const chosen: (C & PruneVictim)[] = [];
  for (const candidate of oldestFirst(candidates, by)) {
    if (candidate.protected) continue;
    const tooOld = ageTime(candidate, by) < olderThan;
    if (!tooOld && total <= maxTotalBytes) break; // all that follow are younger
    chosen.push({ ...candidate, reason: tooOld ? TOO_OLD[by] : "archives over the byte cap" });
    total -= candidate.archiveBytes;
  }
  return chosen;
}

const TOO_OLD: Readonly<Record<PruneOrder, string>> = {
  activity: "no activity for too long",
  archived: "archived too long ago",
};

function ageTime(candidate: PruneCandidate, by: PruneOrder): number {
  return by === "archived" ? candidate.archivedAt : candidate.lastActivityMs;
}

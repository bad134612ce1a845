/** Chooses the archives that a prune drops. Pure. */

/** How an archive's age is measured: since its session's last activity, or since it was archived. */
export type PruneOrder = "activity" | "archived";

/** An archive that may be pruned. Times in unix ms. */
export interface PruneCandidate {
  readonly id: string;
  /** When it was archived, if the last activity is unknown. */
  readonly lastActivityMs: number;
  readonly archivedAt: number;
  readonly archiveBytes: number;
  /** Pinned and resumed sessions count toward the cap but are never dropped. */
  readonly protected: boolean;
}

export interface PruneVictim<C extends PruneCandidate> {
  readonly candidate: C;
  readonly reason: string;
}

/** The limits of `pruneVictims`. */
export interface PruneLimits {
  readonly maxTotalBytes: number;
  /** Archives older than this time (unix ms) are dropped, whatever the total. */
  readonly olderThan?: number | undefined;
  /** Of all archives, of which the candidates may be only some. */
  readonly totalBytes: number;
  /** `activity` by default. */
  readonly by?: PruneOrder | undefined;
}

/** The archives to drop: those that are too old, then as many as the cap requires. `oldestFirst`: by the same time. */
export function* pruneVictims<C extends PruneCandidate>(
  oldestFirst: Iterable<C>,
  { maxTotalBytes, olderThan = Number.NEGATIVE_INFINITY, totalBytes, by = "activity" }: PruneLimits,
): Generator<PruneVictim<C>> {
  let total = totalBytes;
  for (const candidate of oldestFirst) {
    if (candidate.protected) continue;
    const tooOld = ageTime(candidate, by) < olderThan;
    if (!tooOld && total <= maxTotalBytes) return; // all that follow are younger
    yield { candidate, reason: tooOld ? TOO_OLD[by] : "archives over the byte cap" };
    total -= candidate.archiveBytes;
  }
}

const TOO_OLD: Readonly<Record<PruneOrder, string>> = {
  activity: "no activity for too long",
  archived: "archived too long ago",
};

function ageTime(candidate: PruneCandidate, by: PruneOrder): number {
  return by === "archived" ? candidate.archivedAt : candidate.lastActivityMs;
}

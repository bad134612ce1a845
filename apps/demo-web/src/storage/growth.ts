/** How the sessions' bytes add up over time, by when each was last active. Pure. */
import { savedBytes } from "../client/storage.ts";
import type { SessionRow } from "../worker/api.ts";

/** All that was last active up to `at` (unix ms). Sizes in bytes. */
export interface GrowthPoint {
  readonly at: number;
  readonly live: number;
  readonly archive: number;
  readonly saved: number;
}

/** A screen has no pixels for more points. */
const MOST_POINTS = 240;

/** Sums at evenly spread times from the first activity to `now`, both included. */
export function growth(rows: readonly SessionRow[], now: number): readonly GrowthPoint[] {
  const dated = rows
    .flatMap((row) => (row.lastActivityMs === null || row.state === "pruned" ? [] : [{ row, at: row.lastActivityMs }]))
    .sort((a, b) => a.at - b.at);
  const first = dated[0];
  if (!first) return [];
  const end = Math.max(now, dated.at(-1)?.at ?? now);
  const points: GrowthPoint[] = [];
  let next = 0;
  let sums = { live: 0, archive: 0, saved: 0 };
  for (let index = 0; index <= MOST_POINTS; index++) {
    const at = first.at + ((end - first.at) * index) / MOST_POINTS;
    for (let entry = dated[next]; entry && entry.at <= at; entry = dated[++next]) sums = plus(sums, entry.row);
    points.push({ at, ...sums });
  }
  return points;
}

function plus(
  sums: { live: number; archive: number; saved: number },
  row: SessionRow,
): { live: number; archive: number; saved: number } {
  return {
    live: sums.live + row.liveBytes,
    archive: sums.archive + row.archiveBytes,
    saved: sums.saved + savedBytes(row),
  };
}

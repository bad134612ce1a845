/** What a sweep's plan adds up to. */
import type { PlanRow, SessionRow } from "../worker/api.ts";

/** Sizes in bytes. */
export interface PlanTotals {
  readonly archiveCount: number;
  readonly pruneCount: number;
  readonly purgeCount: number;
  readonly liveBytesFreed: number;
  /** A guess by how well the sessions so far were compressed. */
  readonly archiveBytesAdded: number;
  readonly archiveBytesFreed: number;
}

/** Where nothing is archived yet: about what agents' transcripts compress to. */
const USUAL_RATIO = 5;

export function planTotals(plan: readonly PlanRow[], rows: Iterable<SessionRow>): PlanTotals {
  const of = (...actions: PlanRow["action"][]): readonly PlanRow[] =>
    plan.filter(({ action }) => actions.includes(action));
  const bytes = (steps: readonly PlanRow[]): number => steps.reduce((sum, step) => sum + step.bytes, 0);
  const archives = of("archive");
  return {
    archiveCount: archives.length,
    pruneCount: of("prune").length,
    purgeCount: of("purge").length,
    liveBytesFreed: bytes(of("archive", "settle")),
    archiveBytesAdded: bytes(archives) / compressionRatio(rows),
    archiveBytesFreed: bytes(of("prune", "purge")),
  };
}

/** Raw bytes per archived byte, over all archived sessions. */
export function compressionRatio(rows: Iterable<SessionRow>): number {
  let raw = 0;
  let stored = 0;
  for (const row of rows) {
    if (row.state !== "archived") continue;
    raw += row.rawBytes;
    stored += row.archiveBytes;
  }
  return stored > 0 && raw > 0 ? raw / stored : USUAL_RATIO;
}

/** What a sweep's plan adds up to. */
import type { PlanRow, SessionRow } from "../worker/api.ts";

/** Sizes in bytes. */
export interface PlanTotals {
  readonly archiveCount: number;
  readonly pruneCount: number;
  readonly purgeCount: number;
  readonly liveBytesFreed: number;
  /** Estimated by how well the archived sessions were compressed. */
  readonly archiveBytesAdded: number;
  readonly archiveBytesFreed: number;
}

/** For a list without archives: roughly how well agents' transcripts compress. */
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

/** Raw bytes per archive byte, over all archived sessions. */
export function compressionRatio(rows: Iterable<SessionRow>): number {
  let raw = 0;
  let archive = 0;
  for (const row of rows) {
    if (row.state !== "archived") continue;
    raw += row.rawBytes;
    archive += row.archiveBytes;
  }
  return archive > 0 && raw > 0 ? raw / archive : USUAL_RATIO;
}

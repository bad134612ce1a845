/** The plan: what a sweep with these settings would do, and why. */
import { CircleCheck } from "lucide";
import type { VNode } from "preact";
import { endOfGrace } from "../client/grace.ts";
import { allRows } from "../client/sessions.ts";
import { cappedBytes } from "../client/storage.ts";
import { byteCap, makePlan, phase, plan } from "../client/sweep-job.ts";
import { type PlanTotals, planTotals } from "../client/sweep-plan.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { bytes, counted, date } from "../ui/format.ts";
import type { PlanRow } from "../worker/api.ts";
import { PlanList } from "./plan-list.tsx";

export function SweepPlan(): VNode {
  const state = phase.value;
  if (state.status === "plan-failed") {
    return <ErrorNote doing="The plan could not be made" error={state.error} onRetry={makePlan} />;
  }
  const isStale = state.status === "planning";
  const steps = plan.value;
  const sums = planTotals(steps, allRows.value);
  const isIdle = steps.every(({ action }) => action === "skip");
  return (
    <section class="plan" aria-label="Plan" aria-busy={isStale} data-stale={isStale || undefined}>
      {isIdle ? (
        <EmptyState icon={CircleCheck} title={isStale ? "Planning…" : "Nothing to sweep"}>
          {!isStale && <p class="hint">No session has been idle for that long, and the archives are within the cap.</p>}
        </EmptyState>
      ) : (
        <PlanSummary sums={sums} />
      )}
      <OverCap sums={sums} steps={steps} />
      <PlanList steps={steps} />
      <p class="visually-hidden" role="status">
        {isStale ? "Planning" : spoken(sums)}
      </p>
    </section>
  );
}

function PlanSummary({ sums }: { readonly sums: PlanTotals }): VNode {
  const drops = sums.pruneCount + sums.purgeCount;
  return (
    <dl class="tiles tabular">
      <div class="tile tile-accent">
        <dt>Frees</dt>
        <dd>{bytes(sums.liveBytesFreed)}</dd>
        <dd class="tile-note">of live data, {counted(sums.archiveCount, "session")}</dd>
      </div>
      <div class="tile">
        <dt>Adds</dt>
        <dd>{bytes(sums.archiveBytesAdded)}</dd>
        <dd class="tile-note">to the archive, about</dd>
      </div>
      <div class="tile">
        <dt>Drops</dt>
        <dd>{bytes(sums.archiveBytesFreed)}</dd>
        <dd class={`tile-note ${sums.pruneCount > 0 ? "tile-note-dated" : ""}`}>
          {drops === 0 ? "nothing from the archive" : dropWords(sums)}
        </dd>
      </div>
    </dl>
  );
}

function dropWords({ pruneCount, purgeCount }: PlanTotals): string {
  const parts = [
    pruneCount > 0 && `${counted(pruneCount, "session")} pruned: undo until ${date(endOfGrace())}`,
    purgeCount > 0 && `${counted(purgeCount, "session")} whose grace period is over`,
  ];
  return parts.filter((part) => part !== false).join("; ");
}

/** Warns when new archives will exceed the cap: a sweep doesn't prune what it has just archived. */
function OverCap({ sums, steps }: { readonly sums: PlanTotals; readonly steps: readonly PlanRow[] }): VNode | null {
  const cap = byteCap.value;
  if (cap === null) return null;
  const pruned = steps.reduce((sum, { action, bytes: size }) => sum + (action === "prune" ? size : 0), 0);
  const over = cappedBytes.value + sums.archiveBytesAdded - pruned - cap;
  if (over <= 0 || sums.archiveCount === 0) return null;
  return (
    <p class="hint plan-note">
      With what it adds, the archives will be about {bytes(over)} over the cap. This sweep prunes only what is listed;
      plan again afterwards to see what would go next.
    </p>
  );
}

function spoken({ archiveCount, liveBytesFreed, pruneCount, purgeCount }: PlanTotals): string {
  const archives = `Plan: ${counted(archiveCount, "session")} to archive, freeing ${bytes(liveBytesFreed)}`;
  return `${archives}; ${pruneCount} to prune; ${purgeCount} to purge.`;
}

/** What a sweep did, or why it stopped. */
import { CircleAlert, CircleCheck, CircleSlash, Hourglass } from "lucide";
import type { VNode } from "preact";
import { makePlan, phase } from "../client/sweep-job.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { bytes, counted, date } from "../ui/format.ts";
import { SweepFailures } from "./sweep-failures.tsx";

export function SweepOutcome(): VNode | null {
  const state = phase.value;
  switch (state.status) {
    case "taken":
      return (
        <EmptyState icon={Hourglass} title="Another tab is sweeping">
          <p class="hint">This tab has changed nothing. The other tab's changes appear in the list as they happen.</p>
        </EmptyState>
      );
    case "stopped":
      return (
        <EmptyState icon={CircleSlash} title="Sweep stopped">
          <p class="hint">
            {state.doneCount} of {counted(state.totalCount, "session")} were finished and stay so. The others are as
            they were.
          </p>
        </EmptyState>
      );
    case "failed":
      return <ErrorNote doing="The sweep failed" error={state.error} onRetry={makePlan} />;
    case "done":
      return <Report />;
    default:
      return null;
  }
}

function Report(): VNode | null {
  const state = phase.value;
  if (state.status !== "done") return null;
  const { report, prunedBytes, undoUntil } = state;
  const did = [
    report.archivedCount > 0 && `${counted(report.archivedCount, "session")} archived`,
    report.prunedCount > 0 && `${counted(report.prunedCount, "session")} pruned`,
  ].filter((part) => part !== false);
  const hasFailed = report.failedCount > 0;
  const headline = !hasFailed ? "Swept" : did.length > 0 ? "Swept, with failures" : "The sweep failed";
  if (hasFailed) did.push(`${counted(report.failedCount, "session")} failed and stayed as they were`);
  return (
    <section class="sweep-report" aria-label="Report">
      <EmptyState icon={hasFailed ? CircleAlert : CircleCheck} title={headline}>
        <p class="hint">{did.length > 0 ? `${did.join(", ")}.` : "There was nothing to do."}</p>
      </EmptyState>
      <dl class="tiles tabular">
        <div class="tile tile-accent">
          <dt>Freed</dt>
          <dd>{bytes(report.liveBytesFreed)}</dd>
          <dd class="tile-note">of live data</dd>
        </div>
        <div class="tile">
          <dt>Added</dt>
          <dd>{bytes(report.archiveBytesAdded)}</dd>
          <dd class="tile-note">to the archive</dd>
        </div>
        <div class="tile">
          <dt>{report.prunedCount > 0 ? "Pruned" : "Dropped"}</dt>
          <dd>{bytes(report.archiveBytesFreed + prunedBytes)}</dd>
          <dd class={`tile-note ${report.prunedCount > 0 ? "tile-note-dated" : ""}`}>
            {report.prunedCount > 0 ? `${bytes(prunedBytes)} of it after ${date(undoUntil)}` : "from the archive"}
          </dd>
        </div>
      </dl>
      <SweepFailures failures={report.failures} outOfSpace={report.outOfSpace} />
    </section>
  );
}

/** How far the sweep is. */
import type { VNode } from "preact";
import { sessions } from "../client/sessions.ts";
import { phase, plan } from "../client/sweep-job.ts";
import { bytes, counted } from "../ui/format.ts";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { PlanList } from "./plan-list.tsx";

export function SweepProgress(): VNode | null {
  const state = phase.value;
  if (state.status !== "running") return null;
  const archives = plan.value.filter(({ action }) => action === "archive");
  const prunes = plan.value.filter(({ action }) => action === "prune").length;
  const { progress } = state;
  const doneCount = progress?.doneCount ?? 0;
  const totalCount = progress?.totalCount ?? archives.length;
  const current = progress && sessions.value.get(progress.id)?.title;
  const isPruning = state.pruned > 0;
  return (
    <section class="sweep-progress" aria-label="Progress">
      <p class="sweep-figure tabular">
        {isPruning ? state.pruned : doneCount}
        <span>
          {" "}
          of {isPruning ? counted(prunes, "session") : counted(totalCount, "session")}{" "}
          {isPruning ? "pruned" : "archived"}
        </span>
      </p>
      <ProgressBar label="Sweeping" fraction={isPruning ? state.pruned / prunes : fractionOf(progress)} />
      <div class="sweep-progress-line">
        <p class="hint truncate">{current ?? "Getting started…"}</p>
        {progress && progress.totalBytes > 0 && (
          <p class="hint tabular">
            {bytes(progress.doneBytes)} of {bytes(progress.totalBytes)}
          </p>
        )}
      </div>
      <PlanList steps={plan.value} />
    </section>
  );
}

interface Counts {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly doneCount: number;
  readonly totalCount: number;
}

function fractionOf(progress: Counts | undefined): number | undefined {
  if (!progress) return undefined;
  if (progress.totalBytes > 0) return Math.min(1, progress.doneBytes / progress.totalBytes);
  return progress.totalCount > 0 ? progress.doneCount / progress.totalCount : undefined;
}

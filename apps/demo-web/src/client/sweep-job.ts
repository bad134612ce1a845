/**
 * A sweep: its settings, its plan, the run and the report. It prunes only sessions that the shown plan lists. A sweep with
 * a cap would choose again what to prune, by the sizes it finds then. So the sweep runs without a cap, and afterwards each
 * session that the shown plan prunes, and that a new plan still prunes, is pruned by id.
 */
import { batch, signal } from "@preact/signals";
import { codeOf, hasCode, type SweepReport } from "@session-archiver/core";
import type { PlanRow, Progress } from "../worker/api.ts";
import { api, cancelAll, subscribe } from "./connection.ts";
import { endOfGrace } from "./grace.ts";
import { kept } from "./local.ts";
import { notify } from "./notices.ts";
import { loadStorage } from "./storage.ts";

export type SweepPhase =
  | { readonly status: "planning" }
  | { readonly status: "planned" }
  | { readonly status: "plan-failed"; readonly error: unknown }
  | { readonly status: "running"; readonly progress: Progress | undefined; readonly pruned: number }
  /** Another tab is sweeping. */
  | { readonly status: "taken" }
  | { readonly status: "stopped"; readonly doneCount: number; readonly totalCount: number }
  /** `prunedBytes` are freed after the grace period: until then (unix ms), each prune can be undone. */
  | {
      readonly status: "done";
      readonly report: SweepReport;
      readonly prunedBytes: number;
      readonly undoUntil: number;
    }
  | { readonly status: "failed"; readonly error: unknown };

const PLAN_DELAY_MS = 200;

const isNumber = (value: unknown): value is number => typeof value === "number" && value >= 0;
export const inactiveDays = kept("sweep-days", 7, isNumber);
/** The most bytes that archives may take up; `null` for no limit. */
export const byteCap = kept<number | null>("sweep-cap", null, (value) => value === null || isNumber(value));

export const sweepOpen = signal(false);
export const phase = signal<SweepPhase>({ status: "planning" });
/** The plan that was shown last; older than the settings while `phase` is "planning". */
export const plan = signal<readonly PlanRow[]>([]);

let latest = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let stopping = false;
/** A sweep ended while the drawer was closed, so its outcome is still to be shown. */
let unseen = false;

subscribe((event) => {
  if (event.type !== "progress" || event.progress.operation !== "sweep") return;
  if (phase.value.status === "running") phase.value = { ...phase.value, progress: event.progress };
});

export function openSweep(): void {
  sweepOpen.value = true;
  if (phase.value.status !== "running" && !unseen) makePlan();
  unseen = false;
}

/** Makes a new plan once the sliders have stopped moving. */
export function planSoon(): void {
  latest++;
  phase.value = { status: "planning" };
  clearTimeout(timer);
  timer = setTimeout(makePlan, PLAN_DELAY_MS);
}

export function makePlan(): void {
  clearTimeout(timer);
  const mine = ++latest;
  phase.value = { status: "planning" };
  api()
    .plan({ inactiveDays: inactiveDays.value, maxTotalBytes: byteCap.value })
    .then(
      (rows) => {
        if (mine !== latest) return;
        batch(() => {
          plan.value = rows;
          phase.value = { status: "planned" };
        });
      },
      (error: unknown) => {
        if (mine === latest) phase.value = { status: "plan-failed", error };
      },
    );
}

export function stopSweep(): void {
  stopping = true;
  cancelAll();
}

export async function runSweep(): Promise<void> {
  if (phase.value.status !== "planned") return;
  const planned = plan.value;
  const prunes = planned.filter(({ action }) => action === "prune");
  stopping = false;
  phase.value = { status: "running", progress: undefined, pruned: 0 };
  try {
    const swept = await api().sweep({ inactiveDays: inactiveDays.value, maxTotalBytes: null });
    if (swept === undefined) phase.value = { status: "taken" };
    else phase.value = await pruneAll(await stillNeeded(prunes), swept);
  } catch (error) {
    phase.value = hasCode(error, "ABORTED") ? stopped(planned) : { status: "failed", error };
  }
  unseen = !sweepOpen.value;
  if (unseen) notify("The sweep has ended. Open “Sweep…” for its report.");
  void loadStorage();
}

/** The plan had to guess the size of the new archives. Now it is known, and perhaps fewer sessions have to be pruned. */
async function stillNeeded(prunes: readonly PlanRow[]): Promise<readonly PlanRow[]> {
  if (prunes.length === 0) return [];
  const anew = await api().plan({ inactiveDays: inactiveDays.value, maxTotalBytes: byteCap.value });
  const wanted = new Set(anew.filter(({ action }) => action === "prune").map(({ id }) => id));
  return prunes.filter(({ id }) => wanted.has(id));
}

async function pruneAll(steps: readonly PlanRow[], swept: SweepReport): Promise<SweepPhase> {
  const report: SweepReport = { ...swept, failures: [...swept.failures] };
  let prunedBytes = 0;
  const undoUntil = endOfGrace(Date.now());
  for (const [index, { id, bytes, reason }] of steps.entries()) {
    if (stopping) return { status: "stopped", doneCount: index, totalCount: steps.length };
    try {
      await api().prune(id, reason);
      report.prunedCount++;
      prunedBytes += bytes;
    } catch (error) {
      if (hasCode(error, "ABORTED")) return { status: "stopped", doneCount: index, totalCount: steps.length };
      const message = error instanceof Error ? error.message : String(error);
      report.failedCount++;
      report.failures.push({ id, code: codeOf(error) ?? "UNAVAILABLE", message });
    }
    if (phase.value.status === "running") phase.value = { ...phase.value, pruned: index + 1 };
  }
  return { status: "done", report, prunedBytes, undoUntil };
}

function stopped(planned: readonly PlanRow[]): SweepPhase {
  const progress = phase.value.status === "running" ? phase.value.progress : undefined;
  const archives = planned.filter(({ action }) => action === "archive").length;
  return { status: "stopped", doneCount: progress?.doneCount ?? 0, totalCount: progress?.totalCount ?? archives };
}

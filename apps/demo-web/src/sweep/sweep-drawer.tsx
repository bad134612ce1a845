/** The sweep: its sliders, its plan, its run, its report. */
import type { VNode } from "preact";
import { allRows } from "../client/sessions.ts";
import { makePlan, phase, plan, runSweep, stopSweep, sweepOpen } from "../client/sweep-job.ts";
import { planTotals } from "../client/sweep-plan.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { counted } from "../ui/format.ts";
import { SweepOutcome } from "./sweep-outcome.tsx";
import { SweepPlan } from "./sweep-plan.tsx";
import { SweepProgress } from "./sweep-progress.tsx";
import { SweepSettingsForm } from "./sweep-settings.tsx";

export function SweepDrawer(): VNode | null {
  if (!sweepOpen.value) return null;
  const close = (): void => {
    sweepOpen.value = false;
  };
  const { status } = phase.value;
  const isPlanning = status === "planning" || status === "planned" || status === "plan-failed";
  return (
    <Dialog title="Sweep" shape="drawer" onClose={close} footer={<Footer onClose={close} />}>
      <div class="sweep">
        {isPlanning && <SweepSettingsForm />}
        {isPlanning && <SweepPlan />}
        {status === "running" && <SweepProgress />}
        {!isPlanning && status !== "running" && <SweepOutcome />}
      </div>
    </Dialog>
  );
}

function Footer({ onClose }: { readonly onClose: () => void }): VNode {
  const { status } = phase.value;
  if (status === "running") {
    return (
      <>
        <p class="dialog-note">You can close this; the sweep goes on.</p>
        <Button onClick={stopSweep}>Cancel sweep</Button>
      </>
    );
  }
  if (status === "planning" || status === "planned" || status === "plan-failed") {
    const { archiveCount, pruneCount, purgeCount } = planTotals(plan.value, allRows.value);
    const count = plan.value.filter(({ action }) => action !== "skip").length;
    const drops = pruneCount + purgeCount;
    const label =
      count === 0
        ? "Nothing to do"
        : drops === 0
          ? `Archive ${counted(archiveCount, "session")}`
          : `Sweep ${counted(count, "session")}`;
    return (
      <>
        <p class="dialog-note">Nothing is pruned that isn’t in this plan.</p>
        <Button look="primary" disabled={status !== "planned" || count === 0} onClick={() => void runSweep()}>
          {label}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button onClick={makePlan}>Plan again</Button>
      <Button look="primary" onClick={onClose}>
        Done
      </Button>
    </>
  );
}

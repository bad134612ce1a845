/** The two sliders: for how long a session must be idle, and how much the archives may take up. */
import type { VNode } from "preact";
import { cappedBytes } from "../client/storage.ts";
import { byteCap, inactiveDays, planSoon } from "../client/sweep-job.ts";
import { bytes, counted } from "../ui/format.ts";
import { Slider } from "../ui/slider.tsx";

const MAX_DAYS = 90;
const MB = 1e6;
/** The steps of the slider, then "no cap". */
const CAPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].map((megabytes) => megabytes * MB);

export function SweepSettingsForm(): VNode {
  const days = inactiveDays.value;
  const cap = byteCap.value;
  return (
    <div class="sweep-settings">
      <Slider
        label="Idle for at least"
        hint="Sessions without activity for this long are archived. They stay readable."
        min={0}
        max={MAX_DAYS}
        value={Math.min(days, MAX_DAYS)}
        text={days === 0 ? "any time" : counted(days, "day")}
        onInput={(value) => {
          inactiveDays.value = value;
          planSoon();
        }}
      />
      <Slider
        label="Archives may take up"
        hint={`They take up ${bytes(cappedBytes.value)} now. Over the cap, the oldest are pruned; pinned ones never.`}
        min={0}
        max={CAPS.length}
        value={stepOf(cap)}
        text={cap === null ? "no cap" : bytes(cap)}
        onInput={(step) => {
          byteCap.value = CAPS[step] ?? null;
          planSoon();
        }}
      />
    </div>
  );
}

function stepOf(cap: number | null): number {
  const step = cap === null ? -1 : CAPS.findIndex((each) => each >= cap);
  return step < 0 ? CAPS.length : step;
}
